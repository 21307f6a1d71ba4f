"""Where things are: REST paths, and the git address that belongs to a REST base."""

import re
from urllib.parse import quote, urlsplit

from processor.errors import UsageError
from processor.settings.sections.github_access import web_base

_REPOSITORY = re.compile(r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")


def git_base(base_url: str, git_url: str | None) -> str:
    """Give the base of clone addresses, without a trailing slash: what is set, or the base of the pages."""
    return git_url.rstrip("/") if git_url else web_base(base_url)


def origin(url: str) -> tuple[str, str, int]:
    """Give scheme, host and port, the parts that must not change while a token is sent along."""
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, (parts.hostname or "").lower(), parts.port or default


def checked_base(base_url: str) -> str:
    """Give the REST base back.

    Raises:
        UsageError: it names no host.
    """
    if not urlsplit(base_url).hostname:
        raise UsageError(
            f"github.base_url = {base_url} names no host; write https://api.github.com or https://HOST/api/v3"
        )
    return base_url


def repository_path(repository: str) -> str:
    """Give the REST path of a repository.

    Raises:
        UsageError: the text is not OWNER/REPO.
    """
    if not _REPOSITORY.match(repository) or {".", ".."} & set(repository.split("/")):
        raise UsageError(f"{repository!r} is not a repository; write OWNER/REPO, such as octo/hello")
    return f"/repos/{repository}"


def path_part(text: str) -> str:
    """Quote one part of a path, such as the name of a label."""
    return quote(text, safe="")


def branch_part(branch: str) -> str:
    """Quote the name of a branch, whose slashes stay."""
    return quote(branch, safe="/")

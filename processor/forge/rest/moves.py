"""Where things went: repositories under a former name, repositories by number, issues that were transferred.

Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
"""

import re
from urllib.parse import quote

from processor.forge.refusals import Refusal
from processor.forge.rest.links import Links
from processor.forge.storage.records import Issue
from processor.forge.world.world import World

_BY_NUMBER = re.compile(r"/repositories/(\d+)(/.*)?")
_BY_NAME = re.compile(r"/repos/([^/]+/[^/]+)(/.*)?")
_READING = frozenset({"GET", "HEAD"})


def path_by_name(world: World, path: str) -> str:
    """Return the path with the repository's name where it has its number, as redirects do."""
    found = _BY_NUMBER.fullmatch(path)
    repository = world.repositories.find_by_id(int(found[1])) if found else None
    return f"/repos/{repository.full_name}{found[2] or ''}" if repository and found else path


def moved_repository(world: World, links: Links, method: str, path: str, query: str) -> Refusal | None:
    """Return the redirect for a path that has a repository's former name: 301 for reads, 307 for writes."""
    found = _BY_NAME.fullmatch(path)
    repository = world.repositories.find_renamed(found[1]) if found else None
    if repository is None or found is None:
        return None
    address = f"{links.api}/repositories/{repository.id}{quote(found[2] or '')}" + (f"?{query}" if query else "")
    return moved(301 if method in _READING else 307, address)


def moved_issue(links: Links, method: str, path: str, issue: Issue) -> Refusal | None:
    """Return the redirect for an issue that was transferred to another repository; None for one that is still here."""
    if issue.moved_to is None:
        return None
    repository_id, number = issue.moved_to
    rest = re.sub(r"^/repos/[^/]+/[^/]+/issues/\d+", "", path)
    address = f"{links.api}/repositories/{repository_id}/issues/{number}{quote(rest)}"
    return moved(301 if method in _READING else 307, address)


def moved(status: int, address: str) -> Refusal:
    """Return GitHub's redirect."""
    message = "Moved Permanently" if status == 301 else "Temporary Redirect"
    return Refusal(status, message, headers=(("Location", address),), more={"url": address})

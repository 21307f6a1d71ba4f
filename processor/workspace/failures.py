"""Turn what a failed git command printed into the error that says what happened and what to do."""

import re
from collections.abc import Iterable

from processor.errors import (
    GitError,
    GitHubAuthError,
    GitHubForbidden,
    GitHubNotFound,
    NetworkError,
    ProcessorError,
    PublishConflict,
    ResourceError,
)

_USER_INFORMATION = re.compile(r"(?<=://)[^/\s@]+@")
_AUTHORIZATION = re.compile(r"(?i)(authorization:\s*\w+\s+)\S+")
_SHORTEST_SECRET = 6
_NOISE = re.compile(r"^(hint:|warning:|To |remote: (Enumerating|Counting|Compressing|Total))")
_TELLING = ("fatal:", "error:", "remote: error:", "remote: fatal:")
#: What git says last of files that it refused one by one before.
_SUMS_UP = re.compile(r"^fatal: (updating|adding) files failed$")
_AUTH = re.compile(
    r"(?i)authentication failed|could not read (username|password)|returned error: 40[13]|permission to \S+ denied"
)
#: The server's own words beside the status; without them it may be a proxy's refusal, which can pass.
_FORBIDDEN = re.compile(r"(?is)permission to \S+ denied|\bremote: .*returned error: 403")
_ARCHIVED = re.compile(r"(?i)archived so (it )?is read-only")
_NOT_FOUND = re.compile(r"(?i)repository not found|repository '[^']*' not found|returned error: 404")
_NETWORK = re.compile(
    r"(?i)could not resolve|failed to connect|couldn't connect|connection (was )?(refused|reset|timed out|closed)"
    r"|timed out|returned error: (5\d\d|429)|early eof|rpc failed|unexpected disconnect|hung up unexpectedly"
    r"|empty reply|transfer closed|recv failure|send failure|gnutls|ssl[_ ]|bad line length|http/2 stream"
    r"|proxy connect|remote failed to report status|unable to access|expected flush|invalid index-pack output"
)
_DISK_FULL = re.compile(r"(?i)no space left on device|disk quota exceeded")
_LONGEST_LINE = 300


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """Hide credentials: user information in addresses, authorization headers and the given values."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return _AUTHORIZATION.sub(r"\1***", _USER_INFORMATION.sub("***@", text))


def last_line(stderr: str) -> str:
    """Pick the line that tells most: the last `fatal:` or `error:`, else the last that is no progress or hint."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    lines = [line for line in lines if not _NOISE.match(line) and not _SUMS_UP.match(line)]
    telling = [line for line in lines if line.startswith(_TELLING)]
    return (telling or lines or ["git printed nothing"])[-1][:_LONGEST_LINE]


def failure(command: str, repository: str, exit_code: int, stderr: str, *, is_remote: bool) -> ProcessorError:
    """Choose the error for a git command that failed.

    Args:
        command: the git command's name, such as `fetch`.
        stderr: already masked.
        is_remote: whether the command talked to the server; only then can it be the network's or the token's fault.
    """
    about = f"git {command} for {repository}"
    said = last_line(stderr)
    if _DISK_FULL.search(stderr):
        return ResourceError(f"{about} found the disk full: {said}; free space where state.directory lies")
    if is_remote and _ARCHIVED.search(stderr):
        return PublishConflict(f"{about} was refused: the repository is archived; unarchive it, then retry")
    if is_remote and _AUTH.search(stderr):
        kind = GitHubForbidden if _FORBIDDEN.search(stderr) else GitHubAuthError
        return kind(f"{about} was refused: {said}; check that the token may read and write this repository")
    if is_remote and _NOT_FOUND.search(stderr):
        return GitHubNotFound(f"{about} found no repository: {said}; check its name and what the token may see")
    if is_remote and _NETWORK.search(stderr):
        return NetworkError(f"{about} lost the connection: {said}; check that the server can be reached")
    return GitError(f"{about} failed with exit code {exit_code}: {said}; look the message up in git's documentation")

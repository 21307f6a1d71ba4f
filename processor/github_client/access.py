"""Find out, by reading only, whether our credentials can do the job in a repository: for `aip check` and `aip init`."""

from dataclasses import dataclass
from enum import StrEnum

from processor.errors import GitHubAuthError, GitHubError, GitHubNotFound
from processor.github_client.addresses import repository_path
from processor.github_client.client import GitHubClient
from processor.github_client.repositories import can_read, get_app_permissions
from processor.github_client.values import EndpointGroup, RepositoryInfo, Viewer

_WRITE = "write"
_NEEDED = ("contents", "issues", "pull_requests")


class AccessState(StrEnum):
    """What was found of one need."""

    OK = "ok"
    WARNING = "warning"  #: it works, or cannot be proven by reading
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class AccessItem:
    """One need: what was found, and what to do about it (empty when it is met)."""

    name: str
    state: AccessState
    detail: str
    remedy: str = ""


@dataclass(frozen=True)
class AccessReport:
    """Every need that could be looked at; after a failure the ones that build on it are left out."""

    items: tuple[AccessItem, ...]

    @property
    def is_ok(self) -> bool:
        """Whether no need failed."""
        return all(item.state is not AccessState.FAILED for item in self.items)


def check_access(client: GitHubClient, repository: str) -> AccessReport:
    """Look at the token, its rights, and the repository.

    Raises:
        NetworkError, GitHubRateLimited, GitHubError: GitHub could not be asked; that says nothing of the credentials.
    """
    try:
        viewer = client.get_viewer()
    except GitHubAuthError as exc:
        remedy = "make a new token on GitHub and put it into github.token_file or GITHUB_TOKEN"
        return AccessReport((_failed("credentials", _without_remedy(exc), remedy),))
    except GitHubNotFound as exc:
        # Every GitHub has /user, whatever the token may see.
        detail = f"no REST API of GitHub answers there: {_without_remedy(exc)}"
        remedy = "set github.base_url to https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise"
        return AccessReport((_failed("credentials", detail, remedy),))
    items = [_credentials_item(viewer)]
    try:
        info = client.get_repository(repository)
    except (GitHubAuthError, GitHubNotFound) as exc:
        remedy = "check its spelling, and give the token or the App access to this repository"
        return AccessReport((*items, _failed("repository", _without_remedy(exc), remedy)))
    items.append(_name_item(repository, info))
    items += _rights(client, viewer, info)
    items += _features(info)
    items += _readings(client, repository, info)
    return AccessReport(tuple(items))


def _credentials_item(viewer: Viewer) -> AccessItem:
    if viewer.login is None:
        return AccessItem(
            name="credentials",
            state=AccessState.WARNING,
            detail="an App's installation token, which ends within hours",
            remedy="for a service set github.app: its tokens are renewed",
        )
    kind = "GitHub App" if viewer.is_app else "token"
    return _ok("credentials", f"{kind} of {viewer.login}")


def _name_item(repository: str, info: RepositoryInfo) -> AccessItem:
    if info.name.lower() == repository.lower():
        return _ok("repository", f"{info.name}, default branch {info.default_branch}")
    return AccessItem(
        name="repository",
        state=AccessState.WARNING,
        detail=f"{repository} was renamed to {info.name}",
        remedy=f"write {info.name} into the settings",
    )


def _rights(client: GitHubClient, viewer: Viewer, info: RepositoryInfo) -> list[AccessItem]:
    """Judge what may be written: exactly, but for a fine-grained token as far as it can be seen."""
    permissions = get_app_permissions(client.session)
    if permissions is not None:
        return [_app_item(permissions)]
    if viewer.login is None:
        return [_scopes_item(viewer, info)]  # of what such a token may push, a repository says nothing
    push = (
        _ok("push", "the account may push")
        if info.can_push
        else _failed("push", f"{viewer.login} may not push to {info.name}", "give the account the role write there")
    )
    return [_scopes_item(viewer, info), push]


def _app_item(permissions: dict[str, str]) -> AccessItem:
    missing = [name for name in _NEEDED if permissions.get(name) != _WRITE]
    if missing:
        remedy = "set these to read and write in the App's settings and accept the change in the installation"
        return _failed("permissions", f"the App may not write {', '.join(missing)}", remedy)
    return _ok("permissions", f"the App may write {', '.join(_NEEDED)}")


def _scopes_item(viewer: Viewer, info: RepositoryInfo) -> AccessItem:
    if viewer.scopes is None:
        kind = "an installation" if viewer.is_app else "a fine-grained"
        return AccessItem(
            name="permissions",
            state=AccessState.WARNING,
            detail=f"{kind} token does not show what it may write",
            remedy="make sure that it has contents, issues and pull requests: read and write",
        )
    enough = {"repo"} if info.is_private else {"repo", "public_repo"}
    shown = ", ".join(viewer.scopes) or "none"
    if enough & set(viewer.scopes):
        return _ok("permissions", f"scopes: {shown}")
    return _failed("permissions", f"scopes: {shown}", f"make a token with the scope {' or '.join(sorted(enough))}")


def _features(info: RepositoryInfo) -> list[AccessItem]:
    return [
        _failed("archived", "the repository is archived and read-only", "unarchive it or take another")
        if info.is_archived
        else _ok("archived", "no"),
        _ok("issues", "enabled")
        if info.has_issues
        else _failed("issues", "issues are switched off", "switch them on in the repository's settings on GitHub"),
    ]


def _readings(client: GitHubClient, repository: str, info: RepositoryInfo) -> list[AccessItem]:
    """Read one thing of each kind, which a fine-grained token or an App may be forbidden."""
    base = repository_path(repository)
    branch = info.default_branch
    probes = [
        ("read pull requests", "pull requests: read and write", f"{base}/pulls", EndpointGroup.PULL_REQUESTS),
        ("read contents", "contents: read and write", f"{base}/git/ref/heads/{branch}", EndpointGroup.BRANCHES),
    ]
    if info.has_issues:
        probes.insert(0, ("read issues", "issues: read and write", f"{base}/issues", EndpointGroup.ISSUES))
    items = []
    for name, permission, path, group in probes:
        refused = can_read(client.session, path, group)
        items.append(_reading_item(name, permission, refused, f"{branch} of {repository}"))
    return items


def _reading_item(name: str, permission: str, refused: GitHubError | None, branch: str) -> AccessItem:
    if refused is None:
        return _ok(name, "yes")
    if isinstance(refused, GitHubNotFound) and name == "read contents":
        return _failed(name, f"there is no branch {branch}", "push a first commit")
    if isinstance(refused, GitHubAuthError):
        return _failed(name, _without_remedy(refused), f"give the token the permission {permission}")
    raise refused


def _without_remedy(error: GitHubError) -> str:
    """Leave out the general next step of a message, where a better one is known."""
    return str(error).partition("; ")[0]


def _ok(name: str, detail: str) -> AccessItem:
    return AccessItem(name=name, state=AccessState.OK, detail=detail)


def _failed(name: str, detail: str, remedy: str) -> AccessItem:
    return AccessItem(name=name, state=AccessState.FAILED, detail=detail, remedy=remedy)

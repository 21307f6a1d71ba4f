"""Who we are, and what a repository is and allows."""

from functools import partial

from processor.errors import GitHubError, GitHubForbidden
from processor.github_client import parsing
from processor.github_client.addresses import repository_path
from processor.github_client.session import Session, parsed
from processor.github_client.values import EndpointGroup, RepositoryInfo, Viewer

#: What GitHub says to an App's installation token that asks for a user.
_INSTALLATION_REFUSED = "Resource not accessible by integration"


def get_viewer(session: Session) -> Viewer:
    """Ask who the credentials stand for; an App's login is its slug with `[bot]`, under which it comments."""
    if session.app is not None:
        answer = session.call_as_app("GET", "/app", session.app.sign())
        return Viewer(login=parsed(answer, "GET /app", lambda data: f"{data['slug']}[bot]"), scopes=None, is_app=True)
    try:
        answer = session.call("GET", "/user", EndpointGroup.ACCOUNT)
    except GitHubForbidden as exc:
        if _INSTALLATION_REFUSED not in str(exc):
            raise
        return Viewer(login=None, scopes=None, is_app=True)
    listed = answer.headers.get("x-oauth-scopes")
    scopes = None if listed is None else tuple(scope.strip() for scope in listed.split(",") if scope.strip())
    return Viewer(login=parsed(answer, "GET /user", parsing.login), scopes=scopes, is_app=False)


def get_repository(session: Session, git_base: str, repository: str) -> RepositoryInfo:
    """Read a repository under its present name."""
    parse = partial(parsing.repository_info, git_base)
    return session.read(repository_path(repository), EndpointGroup.REPOSITORY, parse).value


def get_app_permissions(session: Session) -> dict[str, str] | None:
    """Give what an App's installation may do, such as contents: write; None when we are no App."""
    return dict(session.app.current().permissions) if session.app is not None else None


def can_read(session: Session, path: str, group: EndpointGroup) -> GitHubError | None:
    """Try to read one address; the error is the answer, None when it can be read."""
    try:
        session.call("GET", path, group, parameters={"per_page": "1"})
    except GitHubError as exc:
        return exc
    return None

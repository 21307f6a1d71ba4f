"""Issues: those of a label, one alone and when it was last reopened; our own are made, found again and closed."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from processor.errors import GitHubNotFound
from processor.github_client import parsing
from processor.github_client.addresses import repository_path
from processor.github_client.session import Session, parsed
from processor.github_client.texts import fitting
from processor.github_client.values import EndpointGroup, IssueListing
from processor.model import Issue, IssueRef


def issue_path(ref: IssueRef) -> str:
    """Give the REST path of an issue."""
    return f"{repository_path(ref.repository)}/issues/{ref.number}"


def list_open(session: Session, repository: str, label: str) -> IssueListing:
    """Read every open issue with the label, oldest first; pull requests that GitHub lists among them are kept."""
    reading = session.read_list(
        f"{repository_path(repository)}/issues",
        EndpointGroup.ISSUES,
        partial(parsing.issues, repository),
        {"state": "open", "labels": label, "sort": "created", "direction": "asc"},
    )
    newest = {issue.ref: issue for issue in reading.value}
    return IssueListing(issues=tuple(newest.values()), is_unchanged=reading.is_unchanged)


def get(session: Session, ref: IssueRef, name_now: Callable[[], str]) -> Issue:
    """Read one issue.

    Args:
        name_now: what the repository is called now; asked only when the issue is in one of another name.

    Raises:
        GitHubNotFound: it was transferred; GitHub then shows the one that it became, which is not ours to process.
    """
    path = issue_path(ref)
    issue, home = session.read(path, EndpointGroup.ISSUES, partial(parsing.issue_with_home, ref.repository)).value
    # Another name is that of a renamed repository, unless the repository that we asked for has another name still.
    if issue.ref != ref or (home.lower() != ref.repository.lower() and home != name_now()):
        raise GitHubNotFound(
            f"{ref} was transferred and is {home}#{issue.ref.number} now; "
            "list that repository in the settings if its issues are to be processed"
        )
    return issue


def last_reopened_at(session: Session, ref: IssueRef) -> datetime | None:
    """Find the last time somebody reopened the issue; None when nobody did."""
    events = session.read_list(f"{issue_path(ref)}/events", EndpointGroup.ISSUES, parsing.reopenings)
    return max((moment for moment in events.value if moment is not None), default=None)


def create(session: Session, repository: str, *, title: str, body: str, labels: Sequence[str]) -> Issue:
    """Make an issue in a single try."""
    path = f"{repository_path(repository)}/issues"
    content = {"title": title, "body": fitting(body), "labels": list(labels)}
    answer = session.call("POST", path, EndpointGroup.ISSUES, body=content)
    return parsed(answer, f"POST {path}", partial(parsing.issue, repository))


def find_marked(session: Session, repository: str, marker: str, since: datetime) -> tuple[Issue, ...]:
    """Find the issues, open or not, that hold a marker and were touched at or after a time; oldest first."""
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _marked(session, repository, marker, {"state": "all", "since": moment})


def find_marked_open(session: Session, repository: str, marker: str) -> tuple[Issue, ...]:
    """Find the open issues that hold a marker, oldest first."""
    return _marked(session, repository, marker, {"state": "open"})


def close(session: Session, ref: IssueRef) -> None:
    """Close an issue; one that is closed stays so."""
    session.call("PATCH", issue_path(ref), EndpointGroup.ISSUES, body={"state": "closed"})


def _marked(session: Session, repository: str, marker: str, parameters: dict[str, str]) -> tuple[Issue, ...]:
    found = session.read_list(
        f"{repository_path(repository)}/issues",
        EndpointGroup.ISSUES,
        partial(parsing.issues, repository),
        {**parameters, "sort": "created", "direction": "asc"},
    ).value
    newest = {issue.ref: issue for issue in found}
    return tuple(issue for issue in newest.values() if marker in issue.body and not issue.is_pull_request)

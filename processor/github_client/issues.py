"""Issues: list those of a label, look at one, and find out when it was last reopened."""

from datetime import datetime
from functools import partial

from processor.github_client import parsing
from processor.github_client.addresses import repository_path
from processor.github_client.session import Session
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


def get(session: Session, ref: IssueRef) -> Issue:
    """Read one issue."""
    return session.read(issue_path(ref), EndpointGroup.ISSUES, partial(parsing.issue, ref.repository)).value


def last_reopened_at(session: Session, ref: IssueRef) -> datetime | None:
    """Find the last time somebody reopened the issue; None when nobody did."""
    events = session.read_list(f"{issue_path(ref)}/events", EndpointGroup.ISSUES, parsing.reopenings)
    return max((moment for moment in events.value if moment is not None), default=None)

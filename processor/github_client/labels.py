"""Labels: on an issue or pull request, and in a repository."""

from collections.abc import Sequence

from processor.errors import GitHubError, GitHubNotFound
from processor.github_client import parsing
from processor.github_client.addresses import path_part, repository_path
from processor.github_client.issues import issue_path
from processor.github_client.session import Session
from processor.github_client.values import EndpointGroup
from processor.model import IssueRef


def list_on(session: Session, ref: IssueRef) -> tuple[str, ...]:
    """Read the names of the labels on an issue."""
    return session.read_list(f"{issue_path(ref)}/labels", EndpointGroup.LABELS, parsing.label_names).value


def add(session: Session, ref: IssueRef, labels: Sequence[str]) -> None:
    """Put labels on an issue; those that are there stay."""
    session.call("POST", f"{issue_path(ref)}/labels", EndpointGroup.LABELS, body={"labels": list(labels)})


def remove(session: Session, ref: IssueRef, label: str) -> bool:
    """Take a label from an issue; False when it was not there."""
    try:
        session.call("DELETE", f"{issue_path(ref)}/labels/{path_part(label)}", EndpointGroup.LABELS)
    except GitHubNotFound:
        return False
    return True


def exists(session: Session, repository: str, name: str) -> bool:
    """Tell whether the repository has the label."""
    try:
        session.call("GET", f"{repository_path(repository)}/labels/{path_part(name)}", EndpointGroup.LABELS)
    except GitHubNotFound:
        return False
    return True


def ensure(session: Session, repository: str, name: str, colour: str, description: str) -> bool:
    """Create the label when the repository has none of this name; True when it was created now.

    Args:
        colour: six hexadecimal digits.
    """
    if exists(session, repository, name):
        return False
    body = {"name": name, "color": colour.removeprefix("#"), "description": description}
    try:
        session.call("POST", f"{repository_path(repository)}/labels", EndpointGroup.LABELS, body=body)
    except GitHubError:
        # Another process may have made it since we looked.
        if exists(session, repository, name):
            return False
        raise
    return True

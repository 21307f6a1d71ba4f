"""Our comments on issues and pull requests, found again by a marker in their text."""

from collections.abc import Callable

from processor.github_client import parsing
from processor.github_client.addresses import repository_path
from processor.github_client.issues import issue_path
from processor.github_client.session import Session, parsed
from processor.github_client.texts import fitting
from processor.github_client.values import Comment, EndpointGroup
from processor.model import IssueRef

IsOurs = Callable[[str], bool]
"""Tells whether a comment's author is ourselves."""


def find(session: Session, ref: IssueRef, marker: str, is_ours: IsOurs) -> Comment | None:
    """Find our oldest comment that holds the marker: anybody may copy a marker into a comment of theirs."""
    path = f"{issue_path(ref)}/comments"
    comments = session.read_list(path, EndpointGroup.COMMENTS, parsing.comments).value
    return next((one for one in comments if marker in one.body and is_ours(one.author)), None)


def create(session: Session, ref: IssueRef, body: str) -> Comment:
    """Write a new comment."""
    path = f"{issue_path(ref)}/comments"
    answer = session.call("POST", path, EndpointGroup.COMMENTS, body={"body": fitting(body)})
    return parsed(answer, f"POST {path}", parsing.comment)


def update(session: Session, repository: str, comment_id: int, body: str) -> Comment:
    """Give a comment another text."""
    path = f"{repository_path(repository)}/issues/comments/{comment_id}"
    answer = session.call("PATCH", path, EndpointGroup.COMMENTS, body={"body": fitting(body)})
    return parsed(answer, f"PATCH {path}", parsing.comment)


def upsert(session: Session, ref: IssueRef, marker: str, body: str, is_ours: IsOurs) -> Comment:
    """Make our marked comment say `body`: written when there is none, changed when it differs, else left alone."""
    text = fitting(body if marker in body else f"{marker}\n{body}")
    standing = find(session, ref, marker, is_ours)
    if standing is None:
        return create(session, ref, text)
    if _plain(standing.body) == _plain(text):
        return standing
    return update(session, ref.repository, standing.id, text)


def _plain(text: str) -> str:
    # GitHub may give line ends back as CRLF, and without the blanks at the end.
    return text.replace("\r\n", "\n").rstrip()

"""Look who else uses the sandbox: the canaries that GitHub shows there, against what the ledger knows."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from processor.github_client import GitHubClient
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.model import Issue
from processor.operations.canary.issue_text import MARKER, mark_of
from processor.operations.canary.sharing import Ours, find_other, what_is_shared


def say_who_shares(github: GitHubClient, ledger: Ledger, repository: str, now: float) -> str | None:
    """Say which other installation uses a sandbox, and what is to be done; None when it is ours alone.

    Args:
        now: begin of the round that asks, or the present.
    """
    with ledger.read() as db:
        since = _alone_since(db, repository, now)
    issues = github.find_marked_issues(repository, MARKER, datetime.fromtimestamp(since, UTC))
    with ledger.read() as db:
        ours = what_is_ours(db, issues)
    other = find_other(issues, ours, since)
    return None if other is None else what_is_shared(other, ours.installations)


def what_is_ours(db: Connection, issues: tuple[Issue, ...]) -> Ours:
    """Read what the ledger knows of these issues."""
    marks = (mark_of(issue.body) for issue in issues)
    return Ours(
        installations=queries.installations(db),
        rounds=queries.canary_rounds_known(db, (mark.round_id for mark in marks if mark is not None)),
    )


def _alone_since(db: Connection, repository: str, now: float) -> float:
    """Tell since when a canary that we do not know is another's: the last look, or the ledger's birth or return."""
    last = queries.last_canary_begun_at(db, repository, now)
    return max(queries.born_at(db), 0.0 if last is None else last)

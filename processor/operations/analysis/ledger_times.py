"""Gather times from the ledger."""

from sqlalchemy import Connection

from processor.ledger import queries
from processor.operations.analysis.analysis import By, Gathering, Longest


def gather(db: Connection, gathering: Gathering, *, since: float | None, by: By | None, pages: str) -> None:
    """Take the time of every processed run, or by phase of every phase of them.

    Args:
        since: only runs that ended then or later, in seconds of the epoch; None for all.
        pages: base of GitHub's pages, for a link to the issue of a run without a pull request.
    """
    kind = str(by or "")
    for group, seconds in queries.durations(db, since, kind):
        gathering.add_piece(seconds, group)
    for one in queries.longest_work(db, since, kind, gathering.wanted):
        link = one.pull_request_url or f"{pages}/{one.ref.repository}/issues/{one.ref.number}"
        gathering.add_longest(
            Longest(seconds=one.seconds, phase=one.phase, issue=str(one.ref), run_id=one.run_id, link=link)
        )

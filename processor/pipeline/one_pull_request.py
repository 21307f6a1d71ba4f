"""Refuse a second open pull request for an issue: people may have reopened one that the ledger holds closed."""

from processor.errors import PublishConflict
from processor.ledger import queries
from processor.ledger.records import RunRecord
from processor.pipeline.context import Context


def refuse_second(context: Context, run: RunRecord) -> None:
    """Ask GitHub after every earlier pull request of the issue.

    Raises:
        PublishConflict: one of them is open.
    """
    with context.ledger.read() as db:
        earlier = queries.pull_requests_of_issue(db, run.ref)
    for record in earlier:
        if record.branch == run.branch:
            continue
        if context.github.get_pull_request(record.repository, record.number).is_open:
            raise PublishConflict(
                f"pull request #{record.number} of this issue is open; merge or close it before another is made"
            )

"""Plan an undo of everything that was ever published, issue by issue; one that cannot be planned hinders no other."""

from dataclasses import dataclass

from processor.errors import ProcessorError
from processor.ledger import queries
from processor.model import IssueRef
from processor.operations import undo
from processor.operations.undo import IssuePlan
from processor.pipeline.context import Context


@dataclass(frozen=True)
class WholePlan:
    """What an undo would do for all issues that have more than what merely stays, and those that cannot be planned."""

    issues: tuple[IssuePlan, ...]
    refused: tuple[tuple[IssueRef, ProcessorError], ...]
    clean: int  #: issues of which nothing of ours is left, or only what stays


def plan_all(context: Context, repository: str | None) -> WholePlan:
    """Look at every issue for which something was published, in one repository or in all; asks GitHub about each."""
    with context.ledger.read() as db:
        refs = queries.published_issues(db, repository)
    plans: list[IssuePlan] = []
    refused: list[tuple[IssueRef, ProcessorError]] = []
    for ref in refs:
        try:
            planned = undo.plan(context, ref)
        except ProcessorError as exc:
            refused.append((ref, exc))
            continue
        if planned.has_work:
            plans.append(planned)
    return WholePlan(tuple(plans), tuple(refused), len(refs) - len(plans) - len(refused))

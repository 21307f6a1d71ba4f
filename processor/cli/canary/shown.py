"""A round of the canary as JSON and as words."""

from typing import Any

from sqlalchemy import Connection

from processor.errors import UsageError
from processor.ledger import queries
from processor.ledger.queries import CanaryRound
from processor.settings.sections import Settings


def round_json(db: Connection, one: CanaryRound) -> dict[str, Any]:
    """Give a round as JSON; times are seconds since the epoch, null where it has not come to that."""
    runs = queries.runs_of_issue(db, one.ref) if one.ref else ()
    spent = [used.cost_dollars for run in runs for used in queries.usage_of_run(db, run.run_id)]
    known = [dollars for dollars in spent if dollars is not None]
    return {
        "round_id": one.round_id,
        "repository": one.repository,
        "requested_by": one.requested_by,
        "begun_at": one.begun_at,
        "ended_at": one.ended_at,
        "cleaned_at": one.cleaned_at,
        "duration_seconds": None if one.ended_at is None else round(one.ended_at - one.begun_at, 3),
        "issue": one.issue,
        "run_id": runs[0].run_id if runs else None,
        "pull_request": one.pull_request,
        "result": None if one.result is None else str(one.result),
        "reason": one.reason or None,
        "trouble": one.trouble,
        "cost_dollars": sum(known) if known else None,
    }


def result_of(one: CanaryRound) -> str:
    """Give the result in one word."""
    return "under way" if one.result is None else str(one.result)


def refuse_without_sandbox(settings: Settings) -> None:
    """Refuse what needs a canary where there is none.

    Raises:
        UsageError: no sandbox is set.
    """
    if settings.main.canary.repository is None:
        raise UsageError(
            "there is no canary: canary.repository is not set; name a sandbox in auto_issue_processor.yaml and start "
            "the service again (docs/canary.md)"
        )

"""A run as the JSON object that routes answer and commands print."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from processor.gate import report_from_json
from processor.ledger import queries
from processor.ledger.queries import AttemptRecord, PhaseRecord, PullRequestRecord
from processor.ledger.records import RunRecord
from processor.model import GateReport, Usage

_NOT_SHOWN = {"ref", "agent_summary"}


@dataclass(frozen=True, kw_only=True)
class RunDetails:
    """Everything that the ledger knows of one run."""

    run: RunRecord
    phases: tuple[PhaseRecord, ...]
    attempts: tuple[AttemptRecord, ...]
    usage: tuple[Usage, ...]
    gate: GateReport | None
    pull_request: PullRequestRecord | None
    is_dead_letter: bool  #: given up, and not tried again since


def run_json(run: RunRecord, dead_letters: Collection[str] = ()) -> dict[str, Any]:
    """Give everything that is known of a run; times are seconds since the epoch, null when they have not come.

    Args:
        dead_letters: the runs that are given up and were not tried again since; what has not ended is none of them.
    """
    columns = {name: value for name, value in asdict(run).items() if name not in _NOT_SHOWN}
    return {
        "run_id": run.run_id,
        "issue": str(run.ref),
        **{name: value for name, value in columns.items() if name != "run_id"},
        "duration_seconds": run.duration_seconds,
        "is_dead_letter": run.run_id in dead_letters,
    }


def read_details(db: Connection, run: RunRecord) -> RunDetails:
    """Read what belongs to a run."""
    report = queries.gate_report_json(db, run.run_id)
    pulls = queries.pull_requests_of_issue(db, run.ref)
    return RunDetails(
        run=run,
        phases=queries.phases_of_run(db, run.run_id),
        attempts=queries.attempts_of_run(db, run.run_id),
        usage=queries.usage_of_run(db, run.run_id),
        gate=report_from_json(report) if report else None,
        pull_request=next((pull for pull in pulls if pull.number == run.pull_request), None),
        is_dead_letter=queries.is_dead_letter(db, run.run_id),
    )


def details_json(found: RunDetails) -> dict[str, Any]:
    """Give a run with everything that belongs to it."""
    return {
        **run_json(found.run, (found.run.run_id,) if found.is_dead_letter else ()),
        "phases": [asdict(phase) for phase in found.phases],
        "attempt_records": [asdict(attempt) for attempt in found.attempts],
        "usage": [asdict(usage) for usage in found.usage],
        "gate": asdict(found.gate) if found.gate else None,
        "pull_request_record": asdict(found.pull_request) if found.pull_request else None,
    }

"""A run as the JSON object that every command prints. Pure."""

from dataclasses import asdict
from typing import Any

from processor.ledger.records import RunRecord

_NOT_SHOWN = {"ref", "agent_summary"}


def run_json(run: RunRecord) -> dict[str, Any]:
    """Give everything that is known of a run; times are seconds since the epoch, null when they have not come."""
    columns = {name: value for name, value in asdict(run).items() if name not in _NOT_SHOWN}
    return {
        "run_id": run.run_id,
        "issue": str(run.ref),
        **{name: value for name, value in columns.items() if name != "run_id"},
        "duration_seconds": run.duration_seconds,
    }


def outcome_word(run: RunRecord) -> str:
    """Say in a word or two where a run stands."""
    if run.outcome is not None:
        return str(run.outcome)
    if run.cancel_requested_at is not None:
        return "cancelling"
    return str(run.phase or run.state) if run.released_at is not None else str(run.state)

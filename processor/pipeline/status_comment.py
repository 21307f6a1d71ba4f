"""The one comment on an issue that says what became of it. Pure text, updated in place."""

from processor.gate import render_gate_table, report_from_json
from processor.intake.status_marker import STATUS_MARKER
from processor.ledger.records import RunRecord
from processor.model import Outcome
from processor.pipeline.pull_request_text import quoted

_MESSAGE_LIMIT = 1500


def outcome_text(run: RunRecord, report_json: str | None) -> str:
    """Say how a run ended, and what can be done about it."""
    match run.outcome:
        case Outcome.SUCCESS:
            lines = [f"Opened #{run.pull_request} for this issue. A person must review and merge it."]
        case Outcome.REJECTED:
            lines = ["A change was made, but the quality gate rejected it; nothing was published.", ""]
            lines += [render_gate_table(report_from_json(report_json))] if report_json else []
        case Outcome.TIMEOUT:
            lines = ["Processing this issue took too long and was stopped.", "", _reason(run)]
        case _:
            lines = ["This issue could not be processed.", "", _reason(run)]
    after = "" if run.outcome is Outcome.SUCCESS else f"\nAn operator can start it again: `aip queue retry {run.ref}`."
    return "\n".join([STATUS_MARKER, *lines, after, f"\nRun `{run.run_id}`."])


def _reason(run: RunRecord) -> str:
    return quoted(f"{run.error_type}: {run.error_message}", _MESSAGE_LIMIT)

"""Write the lines of the operator's log as text: `DATE TIME LEVEL LOGGER TYPE key=value …`, one event a line.

The handbook's scripts read this log with grep and awk, by words (`ERROR`, `ISSUE_PROCESSED`, a date) and by position
(the type is `$5`, the seconds of `PROCESSING_COMPLETED` are `$NF`). So no value may hold such a word, a date or a line
end: it is percent-encoded where it does; one with spaces stands in double quotes. An issue's title is never written.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from processor.errors import ErrorType
from processor.model import IssueRef, Outcome, Priority

LOGGER = "AutoIssueProcessor"
_LONGEST_VALUE = 500


class Level(StrEnum):
    """`ERROR` stands at runs that failed and nowhere else, so that `grep ERROR` counts them."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LineType(StrEnum):
    """What happened; the three that the handbook greps for come first. A failed run has its error type instead."""

    ISSUE_PROCESSED = "ISSUE_PROCESSED"
    PROCESSING_COMPLETED = "PROCESSING_COMPLETED"
    PR_CREATED_SUCCESS = "PR_CREATED_SUCCESS"
    RUN_CANCELLED = "RUN_CANCELLED"
    DRY_RUN_FINISHED = "DRY_RUN_FINISHED"
    CANARY_RUN_FINISHED = "CANARY_RUN_FINISHED"
    RETRY_SCHEDULED = "RETRY_SCHEDULED"
    ISSUE_SKIPPED = "ISSUE_SKIPPED"
    POLL_FINISHED = "POLL_FINISHED"
    POLL_FAILED = "POLL_FAILED"
    RATE_LIMITED = "RATE_LIMITED"
    SETTING_CHANGED = "SETTING_CHANGED"
    SETTINGS_REJECTED = "SETTINGS_REJECTED"
    OVERRIDE_ENDING = "OVERRIDE_ENDING"
    OVERRIDE_ENDED = "OVERRIDE_ENDED"
    CAPACITY_CHANGED = "CAPACITY_CHANGED"
    SERVICE_STARTED = "SERVICE_STARTED"
    SERVICE_DRAINING = "SERVICE_DRAINING"
    SERVICE_STOPPED = "SERVICE_STOPPED"


@dataclass(frozen=True)
class Line:
    """One event. `last` stands bare at the end of the line, after the fields; empty when there is none."""

    level: Level
    type: LineType | ErrorType
    fields: tuple[tuple[str, str], ...] = ()
    last: str = ""


# The words that the handbook's scripts look for, and anything that they could take for a line's date.
_RESERVED = re.compile(r"ERROR|ISSUE_PROCESSED|PROCESSING_COMPLETED|PR_CREATED_SUCCESS|(?<=[0-9]{4})-(?=[0-9]{2})")


def format_line(line: Line, at: datetime) -> str:
    """Render a line, with local time to the millisecond and without a line end."""
    moment = f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d}"
    fields = [f"{key}={encode(value)}" for key, value in line.fields]
    return " ".join([moment, line.level, LOGGER, line.type, *fields, *([line.last] if line.last else [])])


def encode(value: str) -> str:
    """Percent-encode what would break the grammar: line ends, control characters, `"`, `%`, reserved words, dates.

    A value with spaces is put in double quotes; `urllib.parse.unquote` undoes the rest. It is cut at 500 characters.
    """
    shortened = value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
    escaped = "".join(_quoted(character) if _breaks_fields(character) else character for character in shortened)
    escaped = _RESERVED.sub(lambda found: _quoted(found[0][0]) + found[0][1:], escaped)
    return f'"{escaped}"' if " " in escaped or not escaped else escaped


def _breaks_fields(character: str) -> bool:
    return character in '%"' or not character.isprintable()


def _quoted(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, kw_only=True)
class FinishedRun:
    """What the operator's log says of a run that ended."""

    run_id: str
    issue: IssueRef
    outcome: Outcome
    priority: Priority
    duration_seconds: float
    attempts: int = 1
    is_dry_run: bool = False
    is_canary: bool = False
    error_type: ErrorType | None = None
    message: str = ""
    gate_score: float | None = None
    pull_request: str = ""  #: address; empty without one


def run_finished(run: FinishedRun) -> tuple[Line, ...]:
    """Say how a run ended: `ISSUE_PROCESSED` and `PROCESSING_COMPLETED` once each, if it counts as processed."""
    named = (("issue", str(run.issue)), ("run", run.run_id))
    status = ("status", str(run.outcome))
    if run.is_dry_run:
        return (Line(Level.INFO, LineType.DRY_RUN_FINISHED, (*named, status), _seconds(run)),)
    if run.is_canary:
        return (Line(Level.INFO, LineType.CANARY_RUN_FINISHED, (*named, status), _seconds(run)),)
    if run.outcome is Outcome.CANCELLED:
        return (Line(Level.WARNING, LineType.RUN_CANCELLED, (*named, status)),)
    details = (("priority", str(run.priority)), ("attempts", str(run.attempts)), *_score(run))
    return (
        *_how_it_went(run, named),
        Line(Level.INFO, LineType.ISSUE_PROCESSED, (*named, status, *details)),
        Line(Level.INFO, LineType.PROCESSING_COMPLETED, (*named, status), _seconds(run)),
    )


def _how_it_went(run: FinishedRun, named: tuple[tuple[str, str], ...]) -> tuple[Line, ...]:
    if run.outcome is Outcome.SUCCESS:
        return (Line(Level.INFO, LineType.PR_CREATED_SUCCESS, (*named, ("url", run.pull_request))),)
    if run.outcome is Outcome.REJECTED:
        return ()
    return (Line(Level.ERROR, run.error_type or ErrorType.OTHER, (*named, ("message", run.message))),)


def _score(run: FinishedRun) -> tuple[tuple[str, str], ...]:
    return () if run.gate_score is None else (("gate_score", f"{run.gate_score:.1f}"),)


def _seconds(run: FinishedRun) -> str:
    return f"{run.duration_seconds:.2f}"

"""Tell what happened in a run, from the ledger: every event with its time, in order."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from processor.ledger import queries
from processor.ledger.queries import AttemptRecord, PhaseRecord
from processor.ledger.records import RunRecord


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened; `at` is seconds since the epoch, `duration_seconds` None for a moment."""

    at: float
    what: str
    detail: str = ""
    duration_seconds: float | None = None


def story(db: Connection, run: RunRecord) -> tuple[Event, ...]:
    """Read everything that happened in a run."""
    events = [
        *_beginning(run),
        *(event for attempt in queries.attempts_of_run(db, run.run_id) for event in _attempt(attempt)),
        *(_phase(phase) for phase in queries.phases_of_run(db, run.run_id)),
        *_end(run),
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def _beginning(run: RunRecord) -> Iterator[Event]:
    yield Event(at=run.queued_at, what="queued", detail=f"by {run.requested_by}, priority {run.priority}")
    if run.released_at is not None:
        yield Event(at=run.released_at, what="released", detail=f"to {run.released_by}")
    if run.cancel_requested_at is not None:
        yield Event(at=run.cancel_requested_at, what="cancel requested", detail=f"by {run.cancel_requested_by}")


def _attempt(attempt: AttemptRecord) -> Iterator[Event]:
    yield Event(at=attempt.started_at, what=f"attempt {attempt.number} started")
    if attempt.ended_at is None:
        return
    if attempt.error_type is None:
        yield Event(at=attempt.ended_at, what=f"attempt {attempt.number} ended")
        return
    further = attempt.retry_after_seconds
    follows = "no further attempt" if further is None else f"next attempt after {further:g} s"
    reason = f"{attempt.error_type}: {attempt.error_message}"
    yield Event(at=attempt.ended_at, what=f"attempt {attempt.number} failed", detail=f"{reason}; {follows}")


def _phase(phase: PhaseRecord) -> Event:
    if phase.ended_at is None:
        return Event(at=phase.started_at, what=f"phase {phase.phase}", detail="under way")
    seconds = phase.ended_at - phase.started_at
    return Event(at=phase.started_at, what=f"phase {phase.phase}", detail=phase.result or "", duration_seconds=seconds)


def _end(run: RunRecord) -> Iterator[Event]:
    if run.finished_at is None:
        return
    parts = [str(run.outcome), run.error_message or "", run.pull_request_url or ""]
    yield Event(at=run.finished_at, what="finished", detail=", ".join(part for part in parts if part))

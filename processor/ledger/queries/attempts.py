"""Read what happened inside one run: its attempts, their phases, and what they spent."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from processor.ledger.schema import attempts, phases, usage
from processor.model import Usage


@dataclass(frozen=True, kw_only=True)
class AttemptRecord:
    """One try of a run; `ended_at` None while it goes on, `retry_after_seconds` None when no further try follows."""

    number: int
    started_at: float
    ended_at: float | None
    error_type: str | None
    error_message: str | None
    retry_after_seconds: float | None


@dataclass(frozen=True, kw_only=True)
class PhaseRecord:
    """One phase of one attempt; `ended_at` None while it runs."""

    attempt: int
    phase: str
    started_at: float
    ended_at: float | None
    result: str | None


def attempts_of_run(db: Connection, run_id: str) -> tuple[AttemptRecord, ...]:
    """Read the attempts of a run in order."""
    rows = db.execute(select(attempts).where(attempts.c.run_id == run_id).order_by(attempts.c.number))
    names = AttemptRecord.__dataclass_fields__
    return tuple(AttemptRecord(**{name: getattr(row, name) for name in names}) for row in rows)


def phases_of_run(db: Connection, run_id: str) -> tuple[PhaseRecord, ...]:
    """Read the phases of a run in the order they were started."""
    rows = db.execute(select(phases).where(phases.c.run_id == run_id).order_by(phases.c.attempt, phases.c.started_at))
    names = PhaseRecord.__dataclass_fields__
    return tuple(PhaseRecord(**{name: getattr(row, name) for name in names}) for row in rows)


def usage_of_run(db: Connection, run_id: str) -> tuple[Usage, ...]:
    """Read what each attempt of a run spent."""
    rows = db.execute(select(usage).where(usage.c.run_id == run_id).order_by(usage.c.attempt))
    names = Usage.__dataclass_fields__
    return tuple(Usage(**{name: getattr(row, name) for name in names}) for row in rows)

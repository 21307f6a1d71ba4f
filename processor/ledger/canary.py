"""Write the rounds of the canary: begun by one service, held by one at a time, ended and counted once."""

import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from processor.ledger import families, totals
from processor.ledger.schema import canary_rounds
from processor.model import CanaryResult

#: Who asks for the rounds that are due.
BY_THE_CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class NewRound:
    """What is known of a round when it begins; a time limit in seconds."""

    repository: str
    requested_by: str
    time_limit_seconds: float


def begin(db: Connection, new: NewRound, now: float) -> str | None:
    """Begin a round and return its id; None while another one of the sandbox is under way.

    The caller's transaction holds the write lock, so that of several services one is first; the index sees to it too.
    """
    if db.execute(select(canary_rounds.c.round_id).where(_is_open(new.repository))).first() is not None:
        return None
    round_id = secrets.token_hex(6)
    db.execute(
        insert(canary_rounds).values(
            round_id=round_id,
            repository=new.repository,
            requested_by=new.requested_by,
            begun_at=now,
            deadline_at=now + new.time_limit_seconds,
        )
    )
    return round_id


def begin_if_due(db: Connection, new: NewRound, interval_seconds: float, now: float) -> str | None:
    """Begin a round when the last one began an interval ago; None when none is due, or another service was first."""
    return begin(db, new, now) if is_due(db, new.repository, interval_seconds, now) else None


def is_due(db: Connection, repository: str, interval_seconds: float, now: float) -> bool:
    """Tell whether the last round of a sandbox began an interval ago, or there was none."""
    begun = select(canary_rounds.c.begun_at).where(func.lower(canary_rounds.c.repository) == repository.lower())
    last: float | None = db.execute(begun.order_by(canary_rounds.c.begun_at.desc()).limit(1)).scalar()
    return last is None or now - last >= interval_seconds


def hold(db: Connection, round_id: str, instance: str, now: float, seconds: float) -> bool:
    """Take a round for a while; False while another service has it."""
    free = or_(canary_rounds.c.held_by == instance, func.coalesce(canary_rounds.c.held_until, 0.0) < now)
    taken = db.execute(
        update(canary_rounds)
        .where(canary_rounds.c.round_id == round_id, free)
        .values(held_by=instance, held_until=now + seconds)
    )
    return taken.rowcount > 0


def note_sent(db: Connection, round_id: str, instance: str, now: float, *, earlier: float | None) -> bool:
    """Note, before it is sent, that GitHub is asked to make the issue; False when another service took the round.

    Args:
        earlier: when it was asked last, as the caller knows it.
    """
    as_known = (canary_rounds.c.held_by == instance, canary_rounds.c.sent_at.is_not_distinct_from(earlier))
    noted = db.execute(update(canary_rounds).where(canary_rounds.c.round_id == round_id, *as_known).values(sent_at=now))
    return noted.rowcount > 0


def set_issue(db: Connection, round_id: str, issue: int) -> None:
    """Note the issue that was made; from now on it is known as ours."""
    _set(db, round_id, issue=issue, trouble=None)


def set_pull_request(db: Connection, round_id: str, number: int) -> None:
    """Note the pull request that was verified."""
    _set(db, round_id, pull_request=number)


def note_trouble(db: Connection, round_id: str, trouble: str) -> None:
    """Note what stands in the way; it is tried again."""
    _set(db, round_id, trouble=trouble)


def end(db: Connection, round_id: str, result: CanaryResult, reason: str, now: float) -> bool:
    """Record the result and count it, once; False when it was recorded before."""
    changed = db.execute(
        update(canary_rounds)
        .where(canary_rounds.c.round_id == round_id, canary_rounds.c.ended_at.is_(None))
        .values(result=result, reason=reason, ended_at=now, trouble=None)
    )
    if changed.rowcount:
        totals.add(db, families.CANARY_RUNS, {"result": result})
    return changed.rowcount > 0


def end_clean(db: Connection, round_id: str, now: float) -> None:
    """Note that nothing is left of a round on GitHub."""
    _set(db, round_id, cleaned_at=now, trouble=None)


def _is_open(repository: str) -> ColumnElement[bool]:
    return (func.lower(canary_rounds.c.repository) == repository.lower()) & canary_rounds.c.ended_at.is_(None)


def _set(db: Connection, round_id: str, **values: object) -> None:
    db.execute(update(canary_rounds).where(canary_rounds.c.round_id == round_id).values(**values))

"""Give each nightly duty to one service a night, whoever comes first."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from processor.ledger.schema import nightly_turns


def begin_turn(db: Connection, duty: str, instance: str, *, due_at: float, now: float, born_at: float) -> bool:
    """Take the turn that was due at a time; False when another service took it, or none is due.

    The first look at a new ledger takes none: the first night is still to come. A turn of this service that its end cut
    short is begun again, once: it may have been the cause.

    Args:
        born_at: when this life of the service began.
    """
    last = db.execute(select(nightly_turns).where(nightly_turns.c.duty == duty)).first()
    if last is None:
        db.execute(insert(nightly_turns).values(duty=duty, started_at=now, started_by=instance, ended_at=now))
        return False
    note = None
    if last.started_at >= due_at:
        if not _was_cut_short(last, instance, born_at):
            return False
        note = json.dumps({"cut_short_at": last.started_at})
    _update(db, duty, started_at=now, started_by=instance, ended_at=None, result=note)
    return True


def end_turn(db: Connection, duty: str, result: Mapping[str, object], now: float) -> None:
    """Write what a turn did."""
    _update(db, duty, ended_at=now, result=json.dumps(result, ensure_ascii=False))


def _was_cut_short(last: Row[Any], instance: str, born_at: float) -> bool:
    is_of_earlier_life = last.started_by == instance and last.started_at < born_at
    return is_of_earlier_life and last.ended_at is None and last.result is None


def _update(db: Connection, duty: str, **values: object) -> None:
    db.execute(update(nightly_turns).where(nightly_turns.c.duty == duty).values(**values))

"""Give each nightly duty to one service a night, whoever comes first."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select, update

from processor.ledger.schema import nightly_turns


def begin_turn(db: Connection, duty: str, instance: str, *, due_at: float, now: float) -> bool:
    """Take the turn that was due at a time; False when another service took it, or none is due.

    The first look at a new ledger takes none: the first night is still to come.
    """
    last = db.execute(select(nightly_turns.c.started_at).where(nightly_turns.c.duty == duty)).scalar()
    if last is None:
        db.execute(insert(nightly_turns).values(duty=duty, started_at=now, started_by=instance, ended_at=now))
        return False
    if last >= due_at:
        return False
    _update(db, duty, started_at=now, started_by=instance, ended_at=None, result=None)
    return True


def end_turn(db: Connection, duty: str, result: Mapping[str, object], now: float) -> None:
    """Write what a turn did."""
    _update(db, duty, ended_at=now, result=json.dumps(result, ensure_ascii=False))


def _update(db: Connection, duty: str, **values: object) -> None:
    db.execute(update(nightly_turns).where(nightly_turns.c.duty == duty).values(**values))

"""Write what operators do: every act into the audit, and the switches they set."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from processor.ledger.schema import audit, controls

PAUSED = "paused"
#: What a pause and a resume are of, in the audit.
PROCESSING = "processing"
_CONTROL = select(controls).where(controls.c.key == bindparam("key"))


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who did what to what, and why."""

    actor: str
    action: str
    target: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Control:
    """A switch that is set."""

    value: object
    set_at: float
    set_by: str
    reason: str


def record(db: Connection, act: Act, now: float) -> None:
    """Write one line of the audit."""
    db.execute(insert(audit).values(at=now, actor=act.actor, action=act.action, target=act.target, reason=act.reason))


def set_control(db: Connection, key: str, value: object, act: Act, now: float) -> None:
    """Set a switch and record who did."""
    db.execute(delete(controls).where(controls.c.key == key))
    db.execute(
        insert(controls).values(key=key, value=json.dumps(value), set_at=now, set_by=act.actor, reason=act.reason)
    )
    record(db, act, now)


def clear_control(db: Connection, key: str, act: Act, now: float) -> bool:
    """Clear a switch and record who did; False, and nothing recorded, when it was not set."""
    cleared = db.execute(delete(controls).where(controls.c.key == key)).rowcount > 0
    if cleared:
        record(db, act, now)
    return cleared


def get_control(db: Connection, key: str) -> Control | None:
    """Read a switch; None when it is not set."""
    row = db.execute(_CONTROL, {"key": key}).first()
    if row is None:
        return None
    return Control(value=json.loads(row.value), set_at=row.set_at, set_by=row.set_by, reason=row.reason)

"""Write and read what operators change of the settings at run time: overrides with an end, and every change."""

import json
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, true, update

from processor.ledger.schema import setting_changes, setting_overrides

Action = Literal["set", "reverted", "expired", "reloaded"]


@dataclass(frozen=True, kw_only=True)
class Override:
    """A setting that differs from the files until `expires_at`."""

    key: str
    value: object
    set_at: float
    set_by: str
    reason: str
    expires_at: float
    announced_at: float | None = None

    def is_in_force(self, now: float) -> bool:
        """Tell whether its time is not over."""
        return now < self.expires_at


@dataclass(frozen=True, kw_only=True)
class Change:
    """Who changed which setting, when and why; `before` and `after` are values of the setting."""

    at: float
    actor: str
    action: Action
    key: str
    before: object
    after: object
    reason: str = ""
    expires_at: float | None = None
    id: int = 0


def put(db: Connection, override: Override, before: object) -> None:
    """Set an override in place of an earlier one of its key, and record it."""
    _remove(db, override.key)
    row = {**override.__dict__, "value": json.dumps(override.value)}
    db.execute(insert(setting_overrides).values(**row))
    change = Change(
        at=override.set_at,
        actor=override.set_by,
        action="set",
        key=override.key,
        before=before,
        after=override.value,
        reason=override.reason,
        expires_at=override.expires_at,
    )
    record(db, change)


def take_back(db: Connection, change: Change) -> bool:
    """End an override and record why; False, and nothing recorded, when somebody did it before."""
    if not _remove(db, change.key):
        return False
    record(db, change)
    return True


def expire(db: Connection, override: Override, after: object, now: float) -> bool:
    """End an override whose time is over; only the first of several services does, and gets True."""
    gone = db.execute(
        delete(setting_overrides).where(
            setting_overrides.c.key == override.key, setting_overrides.c.expires_at == override.expires_at
        )
    ).rowcount
    if not gone:
        return False
    actor, reason = override.set_by, f"set until then: {override.reason}"
    record(
        db,
        Change(
            at=now, actor=actor, action="expired", key=override.key, before=override.value, after=after, reason=reason
        ),
    )
    return True


def announce_end(db: Connection, override: Override, now: float) -> bool:
    """Take on to announce the end of an override; only the first of several services gets True."""
    marked = db.execute(
        update(setting_overrides)
        .where(
            setting_overrides.c.key == override.key,
            setting_overrides.c.expires_at == override.expires_at,
            setting_overrides.c.announced_at.is_(None),
        )
        .values(announced_at=now)
    ).rowcount
    return bool(marked)


def record(db: Connection, change: Change) -> None:
    """Write one change into the history."""
    row = {name: value for name, value in change.__dict__.items() if name != "id"}
    row |= {"before": json.dumps(change.before), "after": json.dumps(change.after)}
    db.execute(insert(setting_changes).values(**row))


def list_overrides(db: Connection) -> tuple[Override, ...]:
    """Read every override in the order in which they were set, those whose time is just over included."""
    rows = db.execute(select(setting_overrides).order_by(setting_overrides.c.set_at, setting_overrides.c.key))
    return tuple(Override(**{**row._mapping, "value": json.loads(row.value)}) for row in rows)


def list_changes(db: Connection, limit: int, key: str | None = None, *, offset: int = 0) -> tuple[Change, ...]:
    """Read the history, newest first; of one setting, or of those below a key."""
    query = select(setting_changes).where(_is_of(key)).order_by(setting_changes.c.id.desc()).limit(limit).offset(offset)
    return tuple(
        Change(**{**row._mapping, "before": json.loads(row.before), "after": json.loads(row.after)})
        for row in db.execute(query)
    )


def count_changes(db: Connection, key: str | None = None) -> int:
    """Count the history; of one setting, or of those below a key."""
    return int(db.execute(select(func.count()).select_from(setting_changes).where(_is_of(key))).scalar_one())


def _is_of(key: str | None) -> ColumnElement[bool]:
    if key is None:
        return true()
    return or_(setting_changes.c.key == key, setting_changes.c.key.startswith(f"{key}.", autoescape=True))


def last_change_id(db: Connection) -> int:
    """Tell the number of the newest change of an override; 0 when there never was one."""
    query = select(func.max(setting_changes.c.id)).where(setting_changes.c.action != "reloaded")
    return db.execute(query).scalar() or 0


def _remove(db: Connection, key: str) -> bool:
    return db.execute(delete(setting_overrides).where(setting_overrides.c.key == key)).rowcount > 0

"""The backups that a service made in the month: one a night, sound, of which the last seven are kept."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import Connection

from processor.ledger import backups
from processor.ledger.backups import BackupRecord
from tests.grafana.month.calendar import DAY, HOUR, NOW, START
from tests.grafana.month.scenes import Act

_KEPT = 7
_MIB = 2**20


def acts_of_backups() -> Iterator[tuple[float, Act]]:
    """Give the write of each night, at 02:31 in Tokyo, with its time."""
    for night in range(int((NOW - START) / DAY) + 2):
        yield START + night * DAY + 2.5 * HOUR + 60, partial(_make, night)


def _make(night: int, db: Connection, now: float) -> None:
    size = (20 + night) * _MIB
    made = BackupRecord(
        name=f"night-{night:02}", host="host-a", made_at=now, size_bytes=size, verified_at=now, is_sound=True
    )
    backups.note(db, made)
    backups.forget(db, f"night-{night - _KEPT:02}")

"""Write what a host carries: one row an hour, to which each reading is added."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from processor.ledger.schema import host_hours

_HOUR = 3600.0
#: Five weeks are compared; a while longer for reports that are made up.
_KEPT_SECONDS = 70 * 86_400.0


@dataclass(frozen=True, kw_only=True)
class HostReading:
    """Shares of the processors, the memory and the fullest disk in use, 0 to 1, and the load of one minute per core."""

    cpu_ratio: float
    memory_ratio: float
    disk_ratio: float
    load_per_core: float


def add_reading(db: Connection, host: str, reading: HostReading, now: float) -> None:
    """Add a reading to the hour; the first one of an hour forgets what is older than any report looks back."""
    hour_at = now // _HOUR * _HOUR
    here = (host_hours.c.host == host, host_hours.c.hour_at == hour_at)
    row = db.execute(select(host_hours).where(*here)).first()
    if row is None:
        db.execute(delete(host_hours).where(host_hours.c.hour_at < now - _KEPT_SECONDS))
        db.execute(insert(host_hours).values(host=host, hour_at=hour_at, **_first(reading)))
        return
    db.execute(
        update(host_hours)
        .where(*here)
        .values(
            readings=row.readings + 1,
            cpu_sum=row.cpu_sum + reading.cpu_ratio,
            cpu_max=max(row.cpu_max, reading.cpu_ratio),
            memory_sum=row.memory_sum + reading.memory_ratio,
            memory_max=max(row.memory_max, reading.memory_ratio),
            disk_max=max(row.disk_max, reading.disk_ratio),
            load_sum=row.load_sum + reading.load_per_core,
        )
    )


def _first(reading: HostReading) -> dict[str, float]:
    return {
        "readings": 1,
        "cpu_sum": reading.cpu_ratio,
        "cpu_max": reading.cpu_ratio,
        "memory_sum": reading.memory_ratio,
        "memory_max": reading.memory_ratio,
        "disk_max": reading.disk_ratio,
        "load_sum": reading.load_per_core,
    }

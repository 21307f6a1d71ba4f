"""Read what hosts carried in a period, from the hours that services wrote down."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from processor.ledger.schema import host_hours


@dataclass(frozen=True)
class HostUseRecord:
    """Means and maxima of one host, as ratios; `load_mean` is per core."""

    host: str
    readings: int
    cpu_mean: float
    cpu_max: float
    memory_mean: float
    memory_max: float
    disk_max: float
    load_mean: float


def host_use_between(db: Connection, start: float, end: float) -> dict[str, HostUseRecord]:
    """Sum up each host's hours that began at or after `start` and before `end`; a host without any is left out."""
    readings = func.sum(host_hours.c.readings)
    columns = (
        host_hours.c.host,
        readings.label("readings"),
        (func.sum(host_hours.c.cpu_sum) / readings).label("cpu_mean"),
        func.max(host_hours.c.cpu_max).label("cpu_max"),
        (func.sum(host_hours.c.memory_sum) / readings).label("memory_mean"),
        func.max(host_hours.c.memory_max).label("memory_max"),
        func.max(host_hours.c.disk_max).label("disk_max"),
        (func.sum(host_hours.c.load_sum) / readings).label("load_mean"),
    )
    within = (host_hours.c.hour_at >= start, host_hours.c.hour_at < end)
    rows = db.execute(select(*columns).where(*within).group_by(host_hours.c.host).order_by(host_hours.c.host))
    return {row.host: HostUseRecord(**row._mapping) for row in rows}  # SQLAlchemy's documented name

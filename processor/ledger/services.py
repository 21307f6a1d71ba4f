"""Write which services live, which process groups they started, and what they learned of GitHub's limits."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from processor.ledger.schema import process_groups, rate_limits, services

#: A service that has not beaten for so long is taken for dead by those who only read.
STALE_AFTER_SECONDS = 15.0
STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class ServiceRecord:
    """One `aip run`, alive or gone."""

    instance: str
    host: str
    pid: int
    url: str
    state: str
    started_at: float
    heartbeat_at: float
    capacity_level: str | None = None
    capacity_reason: str | None = None
    max_parallel: int | None = None
    poll_interval_seconds: float | None = None
    settings_change: int | None = None
    settings_left_out: str | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """The settings changed at run time that do not go with the files of this service."""
        return tuple(filter(None, (self.settings_left_out or "").split(",")))

    def is_alive(self, now: float) -> bool:
        """Tell whether it said so lately."""
        return self.state != STOPPED and now - self.heartbeat_at < STALE_AFTER_SECONDS


def announce(db: Connection, service: ServiceRecord) -> None:
    """Write a service's own line at its start."""
    db.execute(delete(services).where(services.c.instance == service.instance))
    db.execute(insert(services).values(**service.__dict__))


def beat(db: Connection, instance: str, state: str, now: float) -> None:
    """Say that a service is alive, draining or stopped; one that has stopped lives again with its next start alone.

    A beat that was under way when the service left comes after its last word.
    """
    is_it = (services.c.instance == instance, services.c.state != STOPPED)
    db.execute(update(services).where(*is_it).values(state=state, heartbeat_at=now))


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a service works with now.

    `settings_change` is the last change of an override that it has taken up, `settings_left_out` names the overrides
    that do not go with its files, a comma between two.
    """

    capacity_level: str
    capacity_reason: str
    max_parallel: int
    poll_interval_seconds: float
    settings_change: int
    settings_left_out: str = ""


def note_work(db: Connection, instance: str, work: Work) -> None:
    """Write what a service works with, for those who ask the ledger."""
    db.execute(update(services).where(services.c.instance == instance).values(**work.__dict__))


def list_services(db: Connection) -> tuple[ServiceRecord, ...]:
    """Read every service that was ever here."""
    rows = db.execute(select(services).order_by(services.c.instance))
    return tuple(ServiceRecord(**row._mapping) for row in rows)  # SQLAlchemy's documented name


def is_any_alive(db: Connection, now: float) -> bool:
    """Tell whether a service said lately that it lives."""
    return any(service.is_alive(now) for service in list_services(db))


def is_any_at_work(db: Connection, now: float) -> bool:
    """Tell whether a service lives that takes on something new: not one that ends what it began, and leaves."""
    return any(service.is_alive(now) and service.state != "draining" for service in list_services(db))


@dataclass(frozen=True, kw_only=True)
class ProcessGroup:
    """A process group that a run started, with the start time of its leader to tell a recycled id."""

    run_id: str
    process_group: int
    instance: str
    leader_started_at: float


def note_process_group(db: Connection, group: ProcessGroup) -> None:
    """Remember a process group before it does anything."""
    forget_process_group(db, group.run_id, group.process_group)
    db.execute(insert(process_groups).values(**group.__dict__))


def forget_process_group(db: Connection, run_id: str, process_group: int) -> None:
    """Forget a process group that has ended."""
    db.execute(
        delete(process_groups).where(process_groups.c.run_id == run_id, process_groups.c.process_group == process_group)
    )


def list_process_groups(db: Connection, instance: str) -> tuple[ProcessGroup, ...]:
    """Read what an earlier life of this service left running."""
    rows = db.execute(select(process_groups).where(process_groups.c.instance == instance))
    return tuple(ProcessGroup(**row._mapping) for row in rows)  # SQLAlchemy's documented name


def note_rate_limit(db: Connection, resource: str, *, limit: int, remaining: int, reset_at: float, now: float) -> None:
    """Keep GitHub's last word on a limit."""
    db.execute(delete(rate_limits).where(rate_limits.c.resource == resource))
    db.execute(
        insert(rate_limits).values(resource=resource, limit=limit, remaining=remaining, reset_at=reset_at, seen_at=now)
    )


def forget_run(db: Connection, run_id: str, instance: str) -> None:
    """Forget the process groups of a run that has ended, as far as they are this service's.

    What one that died left on its own host is ended there, when it starts again.
    """
    its_own = (process_groups.c.run_id == run_id, process_groups.c.instance == instance)
    db.execute(delete(process_groups).where(*its_own))

"""Say how hosts were used and what next week begins with. Pure."""

from collections import Counter
from zoneinfo import ZoneInfo

from processor.intake.capacity import capacity_of, may_start
from processor.ledger.queries import HostUseRecord, Waiting
from processor.ledger.services import ServiceRecord
from processor.model import Priority
from processor.reports.document_parts import HostUse, NextWeek, Override
from processor.reports.parts import moment
from processor.reports.plan_readings import HostReadings, Standing
from processor.settings.sections import LevelName, MainFile

_WEEK_SECONDS = 7 * 86_400
#: Shown as the level where no service lives.
NO_SERVICE = "none"
_LEVELS: tuple[LevelName, ...] = ("low", "medium", "high")


def resources(readings: HostReadings) -> tuple[HostUse, ...]:
    """Give the use of each host of the week, in percent."""
    return tuple(_host(used, readings.before.get(name)) for name, used in sorted(readings.week.items()))


def next_week(standing: Standing, main: MainFile, mean_seconds: float | None, zone: ZoneInfo) -> NextWeek:
    """Say what waits, what will not start by itself, and how much can be done at the mean time of the week."""
    parallel = sum(_parallel(one, main) for one in standing.services)
    possible = None if not mean_seconds or not parallel else int(parallel * _WEEK_SECONDS / mean_seconds)
    counts: Counter[str] = Counter()
    for one in standing.waiting:
        counts[one.priority] += one.issues
    return NextWeek(
        waiting={priority: counts[priority] for priority in Priority},
        held_back=_held_back(standing, main),
        capacity_level=", ".join(sorted({_level(one) for one in standing.services})) or NO_SERVICE,
        parallel=parallel,
        runs_possible=possible,
        open_pull_requests=standing.open_pull_requests,
        dead_letters=standing.dead_letters,
        overrides=tuple(
            Override(
                key=one.key, value=one.value, by=one.set_by, reason=one.reason, expires_at=moment(one.expires_at, zone)
            )
            for one in standing.overrides
        ),
    )


def _held_back(standing: Standing, main: MainFile) -> dict[str, int]:
    """Count the issues that will not start as things are, by reason; a reason without one is left out."""
    waiting = sum(one.issues for one in standing.waiting)
    reasons = {
        "paused": waiting if standing.is_paused else 0,
        "capacity": 0 if standing.is_paused else _beyond_capacity(standing.waiting, standing.services, main),
        "first_start": standing.held_by_first_start,
        "given_up": len(standing.dead_letters),
    }
    return {reason: count for reason, count in reasons.items() if count}


def _beyond_capacity(waiting: tuple[Waiting, ...], services: tuple[ServiceRecord, ...], main: MainFile) -> int:
    known = {one.capacity_level for one in services}
    capacities = [capacity_of(main, level) for level in _LEVELS if level in known]
    if not capacities:
        return 0
    return sum(
        one.issues for one in waiting if not any(may_start(Priority(one.priority), capacity) for capacity in capacities)
    )


def _level(service: ServiceRecord) -> str:
    return service.capacity_level or NO_SERVICE


def _parallel(service: ServiceRecord, main: MainFile) -> int:
    return main.max_parallel if service.max_parallel is None else service.max_parallel


def _host(used: HostUseRecord, before: HostUseRecord | None) -> HostUse:
    return HostUse(
        host=used.host,
        readings=used.readings,
        cpu_percent_mean=_percent(used.cpu_mean),
        cpu_percent_max=_percent(used.cpu_max),
        memory_percent_mean=_percent(used.memory_mean),
        memory_percent_max=_percent(used.memory_max),
        disk_percent_max=_percent(used.disk_max),
        load_mean=round(used.load_mean, 2),
        cpu_percent_mean_before=None if before is None else _percent(before.cpu_mean),
        memory_percent_mean_before=None if before is None else _percent(before.memory_mean),
        disk_percent_max_before=None if before is None else _percent(before.disk_max),
    )


def _percent(ratio: float) -> float:
    return min(100.0, max(0.0, round(100 * ratio, 1)))

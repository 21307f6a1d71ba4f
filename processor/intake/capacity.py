"""How much work may be under way at once, of which priorities, and how often GitHub is asked for more. Pure."""

from dataclasses import dataclass

from processor.model import Priority
from processor.settings.sections import LevelName, MainFile


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What a level lets start on one host.

    An issue that capacity holds back is not skipped: it waits in the backlog. `parallel` is a number of runs, the
    host's own `max_parallel` taken into account; `reason` says why the level is in force.
    """

    level: LevelName
    parallel: int
    priorities: frozenset[Priority]
    then_priorities: frozenset[Priority] = frozenset()
    poll_interval_seconds: float = 600.0
    reason: str = ""


def capacity_of(main: MainFile, level: LevelName, reason: str = "") -> Capacity:
    """Give what a level means under these settings."""
    chosen = getattr(main.capacity, level)
    return Capacity(
        level=level,
        parallel=min(chosen.parallel, main.max_parallel),
        priorities=frozenset(chosen.priorities),
        then_priorities=frozenset(chosen.then_priorities),
        poll_interval_seconds=main.intake.poll_interval_seconds or chosen.poll_interval_seconds,
        reason=reason,
    )


def any_priority(main: MainFile) -> Capacity:
    """Give what holds where levels do not: a single issue that an operator has processed without a service."""
    return Capacity(level="low", parallel=main.max_parallel, priorities=frozenset(Priority))


def may_start(priority: Priority, capacity: Capacity) -> bool:
    """Tell whether capacity lets an issue of this priority start; the number of free places is the caller's matter."""
    return priority in capacity.priorities | capacity.then_priorities


def levels_of(priority: Priority, main: MainFile) -> tuple[LevelName, ...]:
    """List the levels at which issues of a priority start, sooner or later."""
    names: tuple[LevelName, ...] = ("low", "medium", "high")
    levels = ((name, getattr(main.capacity, name)) for name in names)
    return tuple(name for name, level in levels if priority in (*level.priorities, *level.then_priorities))

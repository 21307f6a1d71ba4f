"""Tell at which level of capacity the hosts are, from what their services said of themselves."""

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from processor.intake.capacity import Capacity, capacity_of
from processor.ledger.services import ServiceRecord
from processor.settings.sections import LevelName, MainFile

_ORDER: tuple[LevelName, ...] = get_args(LevelName)


def host_levels(services: Iterable[ServiceRecord], main: MainFile, now: float) -> dict[str, Capacity]:
    """Give the capacity of every living service, by its name."""
    return {
        one.instance: _of_host(one, capacity_of(main, level, one.capacity_reason or ""))
        for one in services
        if one.is_alive(now) and (level := _level(one.capacity_level)) is not None
    }


def _of_host(one: ServiceRecord, capacity: Capacity) -> Capacity:
    """Take the numbers that the host gave: its settings files may be others than ours."""
    parallel, seconds = one.max_parallel, one.poll_interval_seconds
    return replace(
        capacity,
        parallel=capacity.parallel if parallel is None else parallel,
        poll_interval_seconds=capacity.poll_interval_seconds if seconds is None else seconds,
    )


def widest(hosts: Iterable[Capacity], main: MainFile) -> Capacity:
    """Give the capacity of the host that starts most; without any, what would hold if one were started now."""
    found = min(hosts, key=lambda one: _ORDER.index(one.level), default=None)
    if found is not None:
        return found
    level = main.capacity.level
    return capacity_of(main, "low" if level == "auto" else level, "no service lives")


def _level(text: str | None) -> LevelName | None:
    return next((name for name in _ORDER if name == text), None)

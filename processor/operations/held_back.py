"""Name what keeps an issue or a queued run from starting, each with the sentence that says so."""

from collections.abc import Mapping

from sqlalchemy import Connection

from processor.engine.release import starts_in_pause
from processor.engine.room import Room, room_of
from processor.intake.capacity import Capacity, levels_of, may_start
from processor.ledger import operators, services
from processor.ledger.operators import Control
from processor.ledger.records import RunRecord
from processor.model import Priority
from processor.operations.host_levels import host_levels, widest
from processor.settings.sections import LevelName, MainFile


def obstacles_of(db: Connection, run: RunRecord, main: MainFile, now: float) -> Mapping[str, str]:
    """Read from the ledger what keeps a run from starting now; empty when nothing does or it has started."""
    if run.released_at is not None:
        return {}
    return obstacles(
        run,
        priority=run.priority,
        paused=operators.get_control(db, operators.PAUSED),
        capacity=widest(host_levels(services.list_services(db), main, now).values(), main),
        levels=levels_of(run.priority, main),
        room=room_of(db, run.ref.repository, main.publish, now),
    )


def obstacles(
    run: RunRecord | None,
    *,
    priority: Priority,
    paused: Control | None,
    capacity: Capacity,
    levels: tuple[LevelName, ...],
    room: Room,
) -> Mapping[str, str]:
    """Give what holds: pause, capacity, open_cap, hour_cap, in this order.

    Args:
        run: that waits; None for an issue that is not in the queue yet.
        levels: those at which its priority starts.
    """
    found = {}
    if paused is not None and not (run is not None and starts_in_pause(run, paused.set_at)):
        found["pause"] = f"nothing starts, because {paused.set_by} paused processing; `aip resume` takes issues again"
    if run is not None and run.is_forced:
        return found
    if not may_start(priority, capacity):
        found["capacity"] = _held_by_capacity(priority, capacity, levels)
    if run is not None and not run.is_counted:
        return found
    if room.open_left <= 0:
        found["open_cap"] = "the cap of open pull requests is reached (publish.max_open_pull_requests)"
    if room.hour_left <= 0:
        found["hour_cap"] = "the cap of pull requests in an hour is reached (publish.max_pull_requests_per_hour)"
    return found


def _held_by_capacity(priority: Priority, capacity: Capacity, levels: tuple[LevelName, ...]) -> str:
    when = f"it starts under {' or '.join(levels)} load" if levels else "no level starts it"
    return f"capacity: under {capacity.level} load ({capacity.reason}) no issue of priority {priority} starts; {when}"

"""Decide which queued runs may start now. Pure."""

from collections.abc import Mapping, Sequence

from processor.engine.room import Room
from processor.intake.capacity import Capacity
from processor.ledger.records import RunRecord


def choose_releases(
    backlog: Sequence[RunRecord], *, slots: int, capacity: Capacity, rooms: Mapping[str, Room]
) -> tuple[RunRecord, ...]:
    """Take from the front of the backlog what capacity and caps allow; what is passed over keeps its place.

    Args:
        backlog: in order of work.
        slots: free places on this host; 0 or less takes nothing.
        rooms: by repository; one that is not named has no limit. A dry run, a forced one and the
            canary's need no room.
    """
    taken: list[RunRecord] = []
    left = {repository: room.left for repository, room in rooms.items()}
    first = [run for run in backlog if run.is_forced or run.priority in capacity.priorities]
    then = [run for run in backlog if run not in first and run.priority in capacity.then_priorities]
    for run in (*first, *then):
        if len(taken) >= slots:
            break
        if run.is_counted and not run.is_forced:
            if left.get(run.ref.repository, 1) <= 0:
                continue
            if run.ref.repository in left:
                left[run.ref.repository] -= 1
        taken.append(run)
    return tuple(taken)


def starts_in_pause(run: RunRecord, paused_at: float) -> bool:
    """Tell whether a run starts although processing is paused: it was forced by somebody who saw the pause.

    Args:
        paused_at: seconds since the epoch. A pause holds whatever was asked for before it.
    """
    return run.is_forced and run.queued_at >= paused_at

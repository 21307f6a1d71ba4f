"""Give a duty of the clock a new interval while it runs, counted from its last turn."""

from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger


def rearm(
    scheduler: BaseScheduler, duty: str, *, earlier: float, seconds: float, moved_to: datetime | None = None
) -> None:
    """Have the duty's next turn come as if the interval had been this one since the last turn; overdue means now.

    Args:
        earlier: the interval in seconds that it had until now.
        moved_to: where a turn was put for another reason than the interval; it stays there.
    """
    job = scheduler.get_job(duty)
    if job is None or job.next_run_time is None or seconds == earlier:
        return
    is_moved = job.next_run_time == moved_to
    due = job.next_run_time if is_moved else job.next_run_time + timedelta(seconds=seconds - earlier)
    trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
    job.modify(trigger=trigger, next_run_time=max(due, datetime.now(UTC)))

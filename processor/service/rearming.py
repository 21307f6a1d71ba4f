"""Give a duty of the clock a new interval while it runs, counted from its last turn."""

from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger


def rearm(scheduler: BaseScheduler, duty: str, *, earlier: float, seconds: float) -> None:
    """Have the duty's next turn come as if the interval had been this one since the last turn; overdue means now.

    Args:
        earlier: the interval in seconds that it had until now.
    """
    job = scheduler.get_job(duty)
    if job is None or job.next_run_time is None or seconds == earlier:
        return
    due = job.next_run_time + timedelta(seconds=seconds - earlier)
    trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
    job.modify(trigger=trigger, next_run_time=max(due, datetime.now(UTC)))

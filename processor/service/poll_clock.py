"""Moves the time of the next poll, also while one is under way."""

import contextlib
from collections import deque
from datetime import UTC, datetime, timedelta

from apscheduler.events import JobSubmissionEvent
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.base import BaseScheduler

from processor.service.polls import NextPoll

#: How soon a poll that was asked for during another one is tried again.
_TRY_AGAIN_SECONDS = 1.0
#: More wishes than may come between a turn and the word of the scheduler that it was skipped.
_REMEMBERED = 32


class PollClock:
    """The turns of the job `duty` that were asked for beside those of its interval."""

    def __init__(self, scheduler: BaseScheduler, duty: str) -> None:
        self._scheduler = scheduler
        self._duty = duty
        self._moves: deque[datetime] = deque(maxlen=_REMEMBERED)

    @property
    def moved_to(self) -> datetime | None:
        """Where a turn was put last for another reason than the interval."""
        return self._moves[-1] if self._moves else None

    def plan(self, following: NextPoll) -> None:
        """Move the next turn as a poll, or the canary, wants it."""
        job = self._scheduler.get_job(self._duty)
        if job is None or job.next_run_time is None:
            return
        moved = following.move(job.next_run_time)
        if moved != job.next_run_time:
            self._moves.append(moved)
            with contextlib.suppress(JobLookupError):  # stopped at this moment
                job.modify(next_run_time=moved)

    def takes_up(self, skipped: JobSubmissionEvent) -> bool:
        """Tell whether what the scheduler skipped was asked for while a poll was under way; it comes after that one."""
        if skipped.job_id != self._duty or not set(skipped.scheduled_run_times) & set(self._moves):
            return False
        self.plan(NextPoll(at_the_latest=datetime.now(UTC) + timedelta(seconds=_TRY_AGAIN_SECONDS)))
        return True

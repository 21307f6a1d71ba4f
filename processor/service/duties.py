"""What the service does by the clock: poll, follow up, beat; each duty runs alone and a skipped one is counted."""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent, JobSubmissionEvent
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from processor import logs
from processor.checklists.keeping import Keeping
from processor.engine.executor import Engine
from processor.errors import GitHubRateLimited, GitHubUnavailable, NetworkError, ProcessorError
from processor.intake.poller import Poller
from processor.intake.polling import PollResult, poll
from processor.ledger import services
from processor.ledger.services import Work
from processor.metrics import Metrics
from processor.operations.follow_up import follow_up
from processor.operations.load_reading import LoadReader
from processor.pipeline.context import Context
from processor.reports.reporting import Reporting
from processor.service.host_watch import SECONDS_BETWEEN_READINGS, note_host_use
from processor.service.journal import Journal
from processor.service.nightly import LOOK_SECONDS as NIGHTLY_LOOK_SECONDS
from processor.service.nightly import Nightly
from processor.service.rearming import rearm
from processor.service.steering import LOOK_SECONDS, Steering
from processor.settings.sections import Settings

POLL, FOLLOW_UP, HEARTBEAT, SETTINGS = "poll", "follow_up", "heartbeat", "settings"
REPORTS, HOST, NIGHTLY, CHECKLISTS = "reports", "host", "nightly", "checklists"
DUTIES = (POLL, FOLLOW_UP, HEARTBEAT, SETTINGS, REPORTS, HOST, NIGHTLY, CHECKLISTS)
_HEARTBEAT_SECONDS = 3.0
_REPORTS_SECONDS = 15.0
_CHECKLISTS_SECONDS = 20.0
#: An outage of a second must not cost the half hour to the next poll.
_POLL_AGAIN_SECONDS = 60.0
_LOG = logs.get_logger("service")


@dataclass
class PollState:
    """What the last polls brought, for status and readiness."""

    last_success_at: float | None = None
    last_error: str | None = None
    results: dict[str, PollResult] = field(default_factory=dict)


class Duties:
    """The clock of one service."""

    def __init__(
        self,
        context: Context,
        metrics: Metrics,
        journal: Journal,
        *,
        service_state: Callable[[], str],
        engine: Engine,
        steering: Steering,
        nightly: Nightly,
    ) -> None:
        self._context = context
        self._intervals: dict[str, float] = {}
        self._told: Work | None = None
        self._poller = Poller(context.settings, context.ledger, context.github, context.clock)
        self._metrics = metrics
        self._journal = journal
        self._service_state = service_state
        self._engine = engine
        self._steering = steering
        self._reporting = Reporting(
            context.ledger, lambda: context.settings.main, instance=context.instance, clock=context.clock
        )
        self._keeping = Keeping(
            context.ledger, context.github, context.settings_now, instance=context.instance, clock=context.clock
        )
        self._read_load = LoadReader((context.root, context.settings.main.logs.directory)).read
        self._nightly = nightly
        self.polls = PollState()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        # The library's own word on a skip would say the same twice.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler.add_listener(self._count_skip, EVENT_JOB_MAX_INSTANCES)
        self._scheduler.add_listener(_log_failure, EVENT_JOB_ERROR)

    def start(self) -> None:
        """Begin: the first poll and the first beat are now."""
        self._intervals = self._wanted_intervals(self._context.settings)
        for duty, seconds, act in (
            (POLL, self._intervals[POLL], self._poll),
            (FOLLOW_UP, self._intervals[FOLLOW_UP], self._follow_up),
            (HEARTBEAT, _HEARTBEAT_SECONDS, self.beat),
            (SETTINGS, LOOK_SECONDS, self._keep_in_step),
            (REPORTS, _REPORTS_SECONDS, self._reporting.look),
            (HOST, SECONDS_BETWEEN_READINGS, self._note_host_use),
        ):
            self._scheduler.add_job(act, "interval", seconds=seconds, id=duty, next_run_time=datetime.now(UTC))
        # Not at the start, when there is enough to do.
        # Not at once: what is missed is made up when the first polls and beats have told something to judge.
        self._scheduler.add_job(self._keeping.look, "interval", seconds=_CHECKLISTS_SECONDS, id=CHECKLISTS)
        self._scheduler.add_job(self._nightly.look, "interval", seconds=NIGHTLY_LOOK_SECONDS, id=NIGHTLY)
        self._scheduler.start()

    def stop(self) -> None:
        """Start no duty any more; one that is under way ends by itself."""
        self._scheduler.shutdown(wait=False)

    def next_poll_at(self) -> float | None:
        """Tell when GitHub is asked next."""
        job = self._scheduler.get_job(POLL)
        return job.next_run_time.timestamp() if job and job.next_run_time else None

    def beat(self) -> None:
        """Say that the service lives, and keep what GitHub said of its limits."""
        now, work = self._context.clock(), self._work()
        with self._context.ledger.write() as db:
            services.beat(db, self._context.instance, self._service_state(), now)
            services.note_work(db, self._context.instance, work)
            for limit in self._context.github.get_rate_limits():
                services.note_rate_limit(
                    db,
                    limit.resource,
                    limit=limit.limit,
                    remaining=limit.remaining,
                    reset_at=limit.reset_at.timestamp(),
                    now=now,
                )
        self._told = work
        self._metrics.heartbeat.set(now)

    def _note_host_use(self) -> None:
        note_host_use(self._context.ledger, self._read_load, self._context.clock())

    def _keep_in_step(self) -> None:
        """Follow the settings and the load, and say so at once where something changed."""
        self._steering.look(self._engine, self._rearm)
        if self._work() != self._told:
            self.beat()

    def _work(self) -> Work:
        capacity = self._engine.capacity
        return Work(
            capacity_level=capacity.level,
            capacity_reason=capacity.reason,
            max_parallel=capacity.parallel,
            poll_interval_seconds=capacity.poll_interval_seconds,
            settings_change=self._steering.in_force.standing.seen_change,
        )

    def _wanted_intervals(self, settings: Settings) -> dict[str, float]:
        return {
            POLL: self._engine.capacity.poll_interval_seconds,
            FOLLOW_UP: settings.main.publish.follow_up_seconds,
        }

    def _rearm(self, settings: Settings) -> None:
        """Give the duties whose interval changed their new one, counted from their last turn."""
        wanted = self._wanted_intervals(settings)
        for duty, seconds in wanted.items():
            rearm(self._scheduler, duty, earlier=self._intervals[duty], seconds=seconds)
        self._intervals = wanted

    def _poll(self) -> None:
        if self._service_state() == "draining":
            return
        self._poller = replace(self._poller, settings=self._context.settings)
        errors = []
        for repository in self._context.settings.main.repositories:
            try:
                result = poll(self._poller, repository.name)
                self.polls.results[repository.name] = result
                self._journal_poll(result)
            except GitHubRateLimited as exc:
                errors.append(str(exc))
                self._poll_again_at(exc.retry_at)
                break
            except ProcessorError as exc:
                _LOG.error(
                    logs.POLL_FAILED, repository=repository.name, error_type=str(exc.error_type), message=str(exc)
                )
                self._journal.poll_failed(repository.name, exc)
                errors.append(f"{repository.name}: {exc}")
                if isinstance(exc, NetworkError | GitHubUnavailable):
                    self._poll_again_soon()
            self._engine.wake()
        self.polls.last_error = "; ".join(errors) or None
        if not errors:
            self.polls.last_success_at = self._context.clock()
            self._metrics.last_poll_success.set(self.polls.last_success_at)

    def _journal_poll(self, result: PollResult) -> None:
        for ref, reason in result.newly_skipped.items():
            self._journal.issue_skipped(ref, reason)
        if result.queued or result.newly_skipped or result.held:
            self._journal.poll_finished(
                result.repository,
                found=result.found,
                queued=len(result.queued),
                skipped=len(result.newly_skipped),
                waiting=result.waiting,
            )

    def _poll_again_at(self, when: datetime) -> None:
        next_at = self.next_poll_at()
        if next_at is not None and when.timestamp() > next_at:
            self._next_poll_is(when)

    def _poll_again_soon(self) -> None:
        soon, next_at = datetime.now(UTC) + timedelta(seconds=_POLL_AGAIN_SECONDS), self.next_poll_at()
        if next_at is not None and soon.timestamp() < next_at:
            self._next_poll_is(soon)

    def _next_poll_is(self, when: datetime) -> None:
        with contextlib.suppress(JobLookupError):
            self._scheduler.modify_job(POLL, next_run_time=when)

    def _follow_up(self) -> None:
        for repository in self._context.settings.main.repositories:
            try:
                follow_up(self._context, repository.name)
            except GitHubRateLimited:
                return  # said where it was met; the next follow-up looks again
            except ProcessorError as exc:
                _LOG.warning(
                    logs.FOLLOW_UP_FAILED,
                    repository=repository.name,
                    error_type=str(exc.error_type),
                    message=str(exc),
                )

    def _count_skip(self, event: JobSubmissionEvent) -> None:
        self._metrics.skipped_duties.labels(event.job_id).inc()
        _LOG.warning(logs.DUTY_SKIPPED, duty=event.job_id)


def _log_failure(event: JobExecutionEvent) -> None:
    _LOG.error(logs.DUTY_FAILED, duty=event.job_id, exc_info=event.exception)

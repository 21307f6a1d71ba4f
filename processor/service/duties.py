"""The clock of the service: it gives each duty its turn; a duty runs alone, and a turn that is skipped is counted."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent, JobSubmissionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from processor import logs
from processor.checklists.keeping import Keeping
from processor.engine.executor import Engine
from processor.metrics import Metrics
from processor.operations.load_reading import MEANINGFUL_SECONDS, LoadReader
from processor.pipeline.context import Context
from processor.reports.reporting import Reporting
from processor.service.canary_watch import LOOK_SECONDS as CANARY_SECONDS
from processor.service.canary_watch import CanaryWatch
from processor.service.following_up import follow_up_everywhere
from processor.service.heartbeat import BEAT_SECONDS, Heartbeat
from processor.service.host_watch import SECONDS_BETWEEN_READINGS, note_host_use
from processor.service.journal import Journal
from processor.service.nightly import LOOK_SECONDS as NIGHTLY_LOOK_SECONDS
from processor.service.nightly import Nightly
from processor.service.poll_clock import PollClock
from processor.service.polls import Polls
from processor.service.rearming import rearm
from processor.service.steering import LOOK_SECONDS, Steering
from processor.settings.sections import Settings

POLL, FOLLOW_UP, HEARTBEAT, SETTINGS = "poll", "follow_up", "heartbeat", "settings"
REPORTS, HOST, NIGHTLY, CHECKLISTS, CANARY = "reports", "host", "nightly", "checklists", "canary"
DUTIES = (POLL, FOLLOW_UP, HEARTBEAT, SETTINGS, REPORTS, HOST, NIGHTLY, CHECKLISTS, CANARY)
_REPORTS_SECONDS = 15.0
_CHECKLISTS_SECONDS = 20.0
_LOG = logs.get_logger("service")


class Duties:
    """Every duty of one service by its clock; `service_state` gives the word that others read, such as `running`."""

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
        self._metrics = metrics
        self._service_state = service_state
        self._engine = engine
        self._steering = steering
        self._reporting = Reporting(
            context.ledger, lambda: context.settings.main, instance=context.instance, clock=context.clock
        )
        self._keeping = Keeping(
            context.ledger, context.github, context.settings_now, instance=context.instance, clock=context.clock
        )
        folders = (context.root, context.settings.main.logs.directory)
        self._read_load = LoadReader(folders, shortest_seconds=MEANINGFUL_SECONDS).read
        self._nightly = nightly
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._poll_clock = PollClock(self._scheduler, POLL)
        self.polls = Polls(context, metrics, journal, engine, self._poll_clock.plan)
        self._canary = CanaryWatch(context, engine, self._poll_clock.plan, service_state)
        self._heartbeat = Heartbeat(context, metrics, engine, steering.in_force, service_state)
        # The library's own word on a skip would say the same twice.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler.add_listener(self._count_skip, EVENT_JOB_MAX_INSTANCES)
        self._scheduler.add_listener(_log_failure, EVENT_JOB_ERROR)

    def start(self) -> None:
        """Begin: the first poll and the first beat are now."""
        self._intervals = self._wanted_intervals(self._context.settings)
        for duty, seconds, act in (
            (POLL, self._intervals[POLL], self._poll),
            (FOLLOW_UP, self._intervals[FOLLOW_UP], lambda: follow_up_everywhere(self._context)),
            (HEARTBEAT, BEAT_SECONDS, self._heartbeat.beat),
            (SETTINGS, LOOK_SECONDS, self._keep_in_step),
            (REPORTS, _REPORTS_SECONDS, self._reporting.look),
            (HOST, SECONDS_BETWEEN_READINGS, self._note_host_use),
            (CANARY, CANARY_SECONDS, self._canary.look),
        ):
            self._scheduler.add_job(act, "interval", seconds=seconds, id=duty, next_run_time=datetime.now(UTC))
        # Not at once: what is missed is made up when the first polls and beats have told something to judge.
        self._scheduler.add_job(self._keeping.look, "interval", seconds=_CHECKLISTS_SECONDS, id=CHECKLISTS)
        # Not at the start either, when there is enough to do.
        self._scheduler.add_job(self._nightly.look, "interval", seconds=NIGHTLY_LOOK_SECONDS, id=NIGHTLY)
        self._scheduler.start()

    def stop(self) -> None:
        """Start no duty any more; one that is under way ends by itself."""
        self._scheduler.shutdown(wait=False)

    def next_poll_at(self) -> float | None:
        """Tell when GitHub is asked next."""
        job = self._scheduler.get_job(POLL)
        return job.next_run_time.timestamp() if job and job.next_run_time else None

    def _note_host_use(self) -> None:
        note_host_use(self._context.ledger, self._read_load, self._context.clock())

    def _keep_in_step(self) -> None:
        """Follow the settings and the load, and say so at once where something changed."""
        self._steering.look(self._engine, self._rearm)
        self._heartbeat.beat_if_new()

    def _wanted_intervals(self, settings: Settings) -> dict[str, float]:
        return {
            POLL: self._engine.capacity.poll_interval_seconds,
            FOLLOW_UP: settings.main.publish.follow_up_seconds,
        }

    def _rearm(self, settings: Settings) -> None:
        """Give the duties whose interval changed their new one, counted from their last turn."""
        wanted = self._wanted_intervals(settings)
        for duty, seconds in wanted.items():
            moved_to = self._poll_clock.moved_to if duty == POLL else None
            rearm(self._scheduler, duty, earlier=self._intervals[duty], seconds=seconds, moved_to=moved_to)
        self._intervals = wanted

    def _poll(self) -> None:
        if self._service_state() != "draining":
            self.polls.turn()
            self._canary.poll_sandbox()

    def _count_skip(self, event: JobSubmissionEvent) -> None:
        if self._poll_clock.takes_up(event):
            return
        self._metrics.skipped_duties.labels(event.job_id).inc()
        _LOG.warning(logs.DUTY_SKIPPED, duty=event.job_id)


def _log_failure(event: JobExecutionEvent) -> None:
    _LOG.error(logs.DUTY_FAILED, duty=event.job_id, exc_info=event.exception)

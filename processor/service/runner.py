"""Run the service until it is told to stop, then drain, and leave nothing behind."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from types import FrameType

from prometheus_client import CollectorRegistry

from processor import logs
from processor.api.app import create_app
from processor.api.server import ApiServer
from processor.api.views import ServiceState
from processor.engine.executor import Engine
from processor.errors import DatabaseAway, ProcessorError
from processor.github_client import ENDPOINTS, RequestObservation, StatusClass
from processor.ledger import services
from processor.metrics import DISTRIBUTION, Metrics
from processor.service.assembly import (
    Parts,
    alerts_token,
    api_token,
    assemble,
    engine_database,
    make_liveness,
)
from processor.service.backups import make_nightly, nightly_time
from processor.service.catching_up import catch_up_in_time
from processor.service.duties import DUTIES, Duties
from processor.service.host_use import HostUseReader
from processor.service.journal import Journal
from processor.service.nightly import Nightly, NightlyDuty
from processor.service.operator_door import OperatorDoor
from processor.service.own_metrics import publish
from processor.service.steered import steer
from processor.service.steering_door import SteeringDoor
from processor.service.upkeep import UpkeepDoor, nightly_upkeep
from processor.settings.files import SettingsFiles
from processor.settings.load import Loaded

_LOG = logs.get_logger("service")


class Service:
    """One `aip run`. Make it, `run()` it; it returns the exit code.

    Args:
        files: what `loaded` was read from; they are watched.
        pinned: settings that neither files nor overrides change, by key.
        tell: says a sentence to whoever watches; the log on stdout may hide what is no warning.
    """

    def __init__(
        self, files: SettingsFiles, loaded: Loaded, *, pinned: Mapping[str, object], tell: Callable[[str], None]
    ) -> None:
        self._tell = tell
        settings, environ = loaded.settings, files.environ
        self._settings = settings  # as the files had them at the start
        self._started_at = time.time()
        self._state = "starting"
        self._signals = 0
        self._stop = threading.Event()
        self._leave_at_once = threading.Event()
        self._registry = CollectorRegistry()
        self._metrics = Metrics(self._registry, duties=DUTIES, endpoints=ENDPOINTS)
        self._alerts_token = alerts_token(settings, environ)
        self._api_token = api_token(settings)
        self._api = ApiServer(settings.main.api)
        self._parts: Parts = self._assemble(environ)
        self._journal = Journal(logs.EventLog(settings.main.logs))
        self._steering = steer(files, loaded, pinned, self._parts, journal=self._journal, metrics=self._metrics)
        self._in_force = self._steering.in_force
        self._context = self._parts.context(
            stopping=self._leave_at_once.is_set,
            journal=self._journal,
            settings_now=lambda: self._in_force.settings,
        )
        self._host_use = HostUseReader((settings.main.state.directory, settings.main.logs.directory))
        self._engine = Engine(
            self._context,
            engine_database(settings, environ),
            make_liveness(settings, environ),
            self._steering.begin(),
        )
        self._duties = Duties(
            self._context,
            self._metrics,
            self._journal,
            service_state=lambda: self._state,
            engine=self._engine,
            steering=self._steering,
            nightly=self._nightly(files),
        )

    def _nightly(self, files: SettingsFiles) -> Nightly:
        backup = NightlyDuty("backup", nightly_time, lambda: make_nightly(self._context, files))
        return Nightly(self._context, (backup, *nightly_upkeep(lambda: self._context, self._context.instance)))

    def _assemble(self, environ: Mapping[str, str]) -> Parts:
        try:
            return assemble(self._settings, environ, self._observe, self._stop.is_set)
        except ProcessorError:
            self._api.stop()
            raise

    @property
    def url(self) -> str:
        """Where the API answers."""
        return self._api.url

    def run(self) -> int:
        """Work until SIGTERM or SIGINT; 0 after a drain, 1 when the service had to leave.

        Raises:
            UsageError: another service of this name runs, or the port is in use.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            self._engine.take_place()
            if not catch_up_in_time(self._context, self._tell, self._stop.wait):
                return self._leave_unstarted()
            self._engine.start()
        except ProcessorError:
            self._api.stop()
            self._parts.close()
            raise
        self._state = "running"
        self._register()
        publish(self._metrics, self._engine, self._parts, self._in_force)
        self._api.start(
            create_app(
                self._parts.ledger,
                version=version(DISTRIBUTION),
                service_state=self.state,
                clock=time.time,
                registry=self._registry if self._settings.main.enable_monitoring else None,
                alerts_token=self._alerts_token,
                steering=SteeringDoor(self._parts.ledger, self._in_force),
                operator=OperatorDoor(self._parts, lambda: self._in_force.settings),
                keeper=UpkeepDoor(self._context),
                api_token=self._api_token,
                host_use=self._host_use.read,
                allowed_hosts=self._settings.main.api.allowed_hosts,
                main=lambda: self._in_force.settings.main,
            )
        )
        self._duties.start()
        self._journal.started(version(DISTRIBUTION), self._context.instance)
        _LOG.info(logs.SERVICE_STARTED, instance=self._context.instance, url=self.url, pid=os.getpid())
        self._tell(f"{self._context.instance} works; `aip status` shows it, {self.url}/api/status too; Ctrl-C ends it")
        self._tell(f"what happens to issues is told in {self._journal.path}")
        while not self._stop.wait(0.5):
            if self._engine.is_lost.is_set():
                return self._leave(1)
        self._drain()
        return self._leave(0)

    def _leave_unstarted(self) -> int:
        """Go before anything was begun."""
        self._engine.leave_place()
        self._api.stop()
        self._parts.close()
        return 0

    def state(self) -> ServiceState:
        """Tell what only the running process knows."""
        return ServiceState(
            instance=self._context.instance,
            state=self._state,
            started_at=self._started_at,
            is_dry_run=self._context.settings.main.dry_run,
            agent_limit_seconds=self._context.settings.main.timeout,
            max_parallel=self._engine.parallelism,
            capacity_level=self._engine.capacity.level,
            capacity_reason=self._engine.capacity.reason,
            last_poll_success_at=self._duties.polls.last_success_at,
            last_poll_error=self._duties.polls.last_error,
            next_poll_at=self._duties.next_poll_at(),
            github_limited_until=_timestamp(self._parts.github.limited_until),
        )

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        self._stop.set()
        if self._signals > 1:
            self._leave_at_once.set()

    def _register(self) -> None:
        record = services.ServiceRecord(
            instance=self._context.instance,
            host=socket.gethostname(),
            pid=os.getpid(),
            url=self.url,
            state=self._state,
            started_at=self._started_at,
            heartbeat_at=time.time(),
        )
        with self._parts.ledger.write() as db:
            services.announce(db, record)

    def _drain(self) -> None:
        """Let active phases end within the limit; a run that only waits for its next try need not be waited for."""
        limit = self._context.settings.main.engine.drain_seconds
        self._state = "draining"
        active = self._count_active()
        self._journal.draining(active)
        _LOG.info(logs.SERVICE_DRAINING, active=active, limit_seconds=limit)
        self._tell(f"draining: {active} active, at most {limit:g} s; once more Ctrl-C stops at once")
        self._engine.stop_releasing()
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline and not self._leave_at_once.is_set() and self._engine.is_busy():
            self._leave_at_once.wait(0.1)

    def _leave(self, code: int) -> int:
        """End our programs and go; active runs stay as they are and resume at the next start."""
        self._leave_at_once.set()
        self._duties.stop()
        self._engine.end_programs()
        left = self._count_active()
        with contextlib.suppress(DatabaseAway), self._parts.ledger.write() as db:
            services.beat(db, self._context.instance, "stopped", time.time())
        self._api.stop()
        _LOG.info(logs.SERVICE_STOPPED, instance=self._context.instance, resumes_later=left)
        self._tell(f"stopped; {left} active go on at the next `aip run`" if left else "stopped; nothing was active")
        self._journal.stopped("stopped by a signal" if code == 0 else "the liveness lock was lost")
        self._engine.shut_down()
        return code

    def _count_active(self) -> int:
        """Count for the log; the way out needs no database."""
        with contextlib.suppress(DatabaseAway):
            return len(self._engine.active())
        return 0

    def _observe(self, observation: RequestObservation) -> None:
        self._metrics.github_requests.labels(observation.endpoint, observation.code).observe(
            observation.duration_seconds
        )
        retry_at = self._parts.github.limited_until
        if observation.code is StatusClass.LIMITED and retry_at is not None:
            self._journal.rate_limited(retry_at)
            _LOG.warning(logs.GITHUB_RATE_LIMITED, endpoint=observation.endpoint, retry_at=retry_at.isoformat())


def _timestamp(moment: object) -> float | None:
    return moment.timestamp() if hasattr(moment, "timestamp") else None

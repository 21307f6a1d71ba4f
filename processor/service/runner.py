"""Run the service until it is told to stop, then drain, and leave nothing behind."""

import os
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry

from processor import logs
from processor.api.app import create_app
from processor.api.server import ApiServer
from processor.api.views import ServiceState
from processor.engine.executor import Engine
from processor.errors import ProcessorError
from processor.github_client import ENDPOINTS, RequestObservation
from processor.metrics import DISTRIBUTION, Metrics
from processor.service.assembly import (
    Parts,
    alerts_token,
    api_token,
    assemble,
    engine_database,
    make_liveness,
)
from processor.service.backups import nightly_backup
from processor.service.catching_up import catch_up_in_time
from processor.service.duties import DUTIES, Duties
from processor.service.github_watch import GitHubWatch
from processor.service.heartbeat import register
from processor.service.host_use import HostUseReader
from processor.service.journal import Journal
from processor.service.leaving import WayOut
from processor.service.nightly import Nightly
from processor.service.operator_door import OperatorDoor
from processor.service.own_metrics import publish
from processor.service.steered import steer
from processor.service.steering_door import SteeringDoor
from processor.service.stop_signals import StopSignals
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
        self._signals = StopSignals()
        self._registry = CollectorRegistry()
        self._metrics = Metrics(self._registry, duties=DUTIES, endpoints=ENDPOINTS)
        self._alerts_token = alerts_token(settings, environ)
        self._api_token = api_token(settings)
        self._api = ApiServer(settings.main.api)
        self._parts: Parts = self._assemble(environ)
        self._journal = Journal(logs.EventLog(settings.main.logs))
        self._watch = GitHubWatch(self._metrics, self._journal, lambda: self._parts.github.limited_until)
        self._steering = steer(files, loaded, pinned, self._parts, journal=self._journal, metrics=self._metrics)
        self._in_force = self._steering.in_force
        self._context = self._parts.context(
            stopping=self._signals.leave_at_once.is_set,
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
            nightly=Nightly(self._context, (nightly_backup(self._context, files), *nightly_upkeep(self._context))),
        )

    def _assemble(self, environ: Mapping[str, str]) -> Parts:
        try:
            return assemble(self._settings, environ, self._observe, self._signals.stop.is_set)
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
        self._signals.listen()
        if not self._begin():
            self._engine.leave_place()
            self._api.stop()
            self._parts.close()
            return 0
        self._state = "running"
        register(self._parts.ledger, self._context.instance, self._state, self.url, self._started_at)
        publish(self._metrics, self._engine, self._parts, self._in_force)
        self._serve()
        self._duties.start()
        self._say_started()
        return self._work(
            WayOut(
                self._context,
                self._engine,
                self._duties,
                self._api,
                self._journal,
                signals=self._signals,
                tell=self._tell,
            )
        )

    def _begin(self) -> bool:
        """Start the engine; False when the service was told to stop before it could."""
        try:
            self._engine.take_place()
            if not catch_up_in_time(self._context, self._tell, self._signals.stop.wait):
                return False
            self._engine.start()
        except ProcessorError:
            self._api.stop()
            self._parts.close()
            raise
        return True

    def _serve(self) -> None:
        main = self._settings.main
        self._api.start(
            create_app(
                self._parts.ledger,
                version=version(DISTRIBUTION),
                service_state=self.state,
                clock=time.time,
                registry=self._registry if main.enable_monitoring else None,
                alerts_token=self._alerts_token,
                steering=SteeringDoor(self._parts.ledger, self._in_force),
                operator=OperatorDoor(self._parts, lambda: self._in_force.settings),
                keeper=UpkeepDoor(self._context),
                api_token=self._api_token,
                host_use=self._host_use.read,
                allowed_hosts=main.api.allowed_hosts,
                main=lambda: self._in_force.settings.main,
            )
        )

    def _say_started(self) -> None:
        instance = self._context.instance
        self._journal.started(version(DISTRIBUTION), instance)
        _LOG.info(logs.SERVICE_STARTED, instance=instance, url=self.url, pid=os.getpid())
        self._tell(f"{instance} works; `aip status` shows it, {self.url}/api/status too; Ctrl-C ends it")
        self._tell(f"what happens to issues is told in {self._journal.path}")

    def _work(self, way_out: WayOut) -> int:
        while not self._signals.stop.wait(0.5):
            if self._engine.is_lost.is_set():
                way_out.leave("the liveness lock was lost")
                return 1
        self._state = "draining"
        way_out.drain()
        way_out.leave("stopped by a signal")
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

    def _observe(self, request: RequestObservation) -> None:
        self._watch.observe(request)  # made after the client, whose limits it tells


def _timestamp(moment: object) -> float | None:
    return moment.timestamp() if hasattr(moment, "timestamp") else None

"""The engine of one service: takes its lock, resumes what was left, releases runs in order, takes over from the dead."""

import subprocess
import sys
import threading
import time

from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from processor import logs
from processor.engine import durable, leftovers
from processor.engine.durable import EngineDatabase
from processor.engine.liveness import Liveness
from processor.engine.release import Room, choose_releases
from processor.engine.workflow import Workflow, build_workflow
from processor.intake.capacity import Capacity
from processor.ledger import operators, queries, runs
from processor.ledger.records import RunRecord
from processor.ledger.services import list_process_groups
from processor.pipeline import finish
from processor.pipeline.context import Context
from processor.processes import end_process_group

_LOG = logs.get_logger("engine")
_BACKLOG_WINDOW = 500
_RECONCILE_SECONDS = 5.0
_ADOPT_LIMIT_SECONDS = 90
_HOUR_SECONDS = 3600


class Engine:
    """Executes released runs until it is stopped.

    `only` limits it to one run, for a single issue processed without a service.
    """

    def __init__(
        self,
        context: Context,
        database: EngineDatabase,
        liveness: Liveness,
        capacity: Capacity,
        only: str | None = None,
    ) -> None:
        self._context = context
        self._database = database
        self._liveness = liveness
        self._capacity = capacity
        self._only = only
        self._workflow: Workflow | None = None
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []
        self.is_lost = threading.Event()  #: set when the liveness lock is gone and this service must leave

    def start(self) -> None:
        """Take the lock, clear up after an earlier life, and go on where it stopped.

        Raises:
            UsageError: a service of this name runs already.
        """
        self._liveness.take(self._context.instance)
        leftovers.end_programs(self._context)
        leftovers.remove_worktrees(self._context)
        durable.configure(self._database, self._context.instance)
        self._workflow = build_workflow(self._context)
        durable.launch(concurrency=self.parallelism, poll_seconds=self._context.settings.main.engine.poll_seconds)
        self._hand_over_again(self._context.instance)
        for target, name in ((self._release_loop, "release"), (self._watch_loop, "watch")):
            thread = threading.Thread(target=target, name=f"engine-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    @property
    def parallelism(self) -> int:
        """How many runs this host may execute at once."""
        return min(self._context.settings.main.max_parallel, self._capacity.parallel)

    def wake(self) -> None:
        """Look at the queue now instead of at the next tick."""
        self._wake.set()

    def active(self) -> tuple[RunRecord, ...]:
        """Read the runs that this service executes."""
        with self._context.ledger.read() as db:
            return tuple(run for run in queries.active_runs(db) if _holder(run) == self._context.instance)

    def stop_releasing(self) -> None:
        """Start nothing more; what is active goes on."""
        self._closing.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=_ADOPT_LIMIT_SECONDS)

    def end_programs(self) -> None:
        """End the agents and checks of this service at once; the context's `stopping` must be set before."""
        with self._context.ledger.read() as db:
            groups = list_process_groups(db, self._context.instance)
        for group in groups:
            end_process_group(group.process_group)

    def shut_down(self) -> None:
        """Leave; what is still active resumes at the next start."""
        durable.shut_down()
        self._liveness.release()

    def _release_loop(self) -> None:
        while not self._closing.is_set():
            try:
                self.release_now()
            except SQLAlchemyError as exc:
                _LOG.error(logs.LEDGER_UNREACHABLE, message=str(exc).splitlines()[0])
            self._wake.wait(self._context.settings.main.engine.poll_seconds)
            self._wake.clear()

    def release_now(self) -> None:
        """Hand over what capacity and caps allow."""
        context = self._context
        with context.ledger.read() as db:
            if operators.get_control(db, operators.PAUSED) is not None and self._only is None:
                return
            backlog = queries.backlog(db, _BACKLOG_WINDOW)
        if self._only is not None:
            backlog = tuple(run for run in backlog if run.run_id == self._only)
        if not backlog:
            return
        chosen = choose_releases(
            backlog,
            slots=self.parallelism - len(self.active()),
            capacity=self._capacity,
            rooms={repository: self._room(repository) for repository in {run.ref.repository for run in backlog}},
        )
        for run in chosen:
            with context.ledger.write() as db:
                is_ours = runs.release(db, run.run_id, context.instance, context.clock())
            if is_ours:
                self._enqueue(run.run_id)

    def _room(self, repository: str) -> Room:
        caps = self._context.settings.main.publish
        with self._context.ledger.read() as db:
            active = queries.active_runs_in(db, repository)
            is_open = len(queries.open_pull_requests(db, repository))
            recent = queries.pull_requests_opened_since(db, repository, self._context.clock() - _HOUR_SECONDS)
        return Room(
            open_left=caps.max_open_pull_requests - is_open - active,
            hour_left=caps.max_pull_requests_per_hour - recent - active,
        )

    def _enqueue(self, run_id: str) -> None:
        if self._workflow is not None:
            durable.enqueue(self._workflow, run_id)

    def _hand_over_again(self, instance: str) -> None:
        """Enqueue runs that were released but never reached the engine: a crash came between the two."""
        with self._context.ledger.read() as db:
            mine = [run.run_id for run in queries.active_runs(db) if run.released_by == instance]
        known = durable.statuses(mine)
        for run_id in mine:
            if run_id not in known:
                self._enqueue(run_id)

    def _watch_loop(self) -> None:
        next_look = 0.0
        while not self._closing.wait(1.0):
            if not self._liveness.is_held():
                _LOG.error(logs.SERVICE_LOCK_LOST, instance=self._context.instance)
                self.is_lost.set()
                return
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + _RECONCILE_SECONDS
                try:
                    self._end_crashed_runs()
                    self._adopt_dead()
                except (SQLAlchemyError, dbos_error.DBOSException, subprocess.SubprocessError) as exc:
                    _LOG.error(logs.LEDGER_UNREACHABLE, message=str(exc).splitlines()[0])

    def _end_crashed_runs(self) -> None:
        """End runs whose job DBOS gave up, so that no run stays active for ever."""
        active = {run.run_id for run in self.active()}
        for run_id, status in durable.statuses(active).items():
            if durable.is_terminal(status) and self._context.load(run_id).outcome is None:
                message = f"the engine gave this run up ({status.lower()}); see the log, then `aip queue retry`"
                finish.crashed(self._context, run_id, message)
                finish.clean_up(self._context, run_id)

    def _adopt_dead(self) -> None:
        me = self._context.instance
        with self._context.ledger.read() as db:
            holders = {holder for run in queries.active_runs(db) if (holder := _holder(run)) is not None}
        for dead in (durable.pending_executors() | holders) - {me}:
            self._liveness.if_dead(dead, lambda dead=dead: self._adopt(dead))  # type: ignore[misc]

    def _adopt(self, dead: str) -> None:
        _LOG.warning(logs.SERVICE_ADOPTED, instance=dead)
        subprocess.run(
            [sys.executable, "-m", "processor.engine.adopt", dead],
            input=f"{self._database.url}\n",
            text=True,
            timeout=_ADOPT_LIMIT_SECONDS,
            check=True,
            capture_output=True,
        )
        with self._context.ledger.write() as db:
            taken = runs.take_over(db, dead, self._context.instance)
        known = durable.statuses(taken)
        for run_id in taken:
            if run_id not in known:
                self._enqueue(run_id)


def _holder(run: RunRecord) -> str | None:
    return run.executed_by or run.released_by

"""The engine of one service: take its lock, resume what was left, release runs in order, take over from the dead."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from processor import logs
from processor.engine import adopt, durable, leftovers
from processor.engine.announcing import Announcer
from processor.engine.dbos_library import dbos_error
from processor.engine.durable import EngineDatabase
from processor.engine.fencing import Fence
from processor.engine.liveness import Liveness, take_place
from processor.engine.releasing import active_runs, release_runs
from processor.engine.workflow import InHand, Workflow, build_workflow
from processor.errors import DatabaseAway, LedgerError, ProcessorError
from processor.intake.capacity import Capacity
from processor.ledger import progress, queries
from processor.ledger.records import RunRecord
from processor.pipeline import finish
from processor.pipeline.context import Context

_LOG = logs.get_logger("engine")
_FENCE_LOOK_SECONDS = 1.0
#: Twice as long passes before a silent service is taken for dead: it may be getting its lock back.
_RECONCILE_SECONDS = 3.0
_ANNOUNCE_SECONDS = 3.0
_FORGET_EVERY = 1200  #: looks, which makes an hour
_FORGET_AFTER_SECONDS = 7 * 24 * 3600.0
_JOIN_SECONDS = 5.0
#: How long a run waits for a database that restarts, before its step begins anew.
_PATIENCE_SECONDS = 60.0
#: What a database that went away makes of a call; the next look may find it again.
_PASSING = (SQLAlchemyError, dbos_error.DBOSException, ProcessorError, OSError)


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
        self._fence = Fence(liveness, context.instance)
        self._capacity = capacity
        self._only = only
        self._workflow: Workflow | None = None
        self._in_hand = InHand()
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []
        self.is_lost = threading.Event()  #: set when this service must end its programs and leave

    def take_place(self) -> None:
        """Take the lock of this service; from then on nobody replaces the ledger.

        Raises:
            UsageError: a service of this name runs already.
            BackupError: a backup is being restored.
            LedgerError: the lock cannot be reached.
        """
        take_place(self._liveness, self._context.instance)
        self._context.ledger.close()  # a connection from before may be to a file that a restore has put away

    def leave_place(self) -> None:
        """Give the lock back without having started."""
        self._liveness.release()

    def start(self) -> None:
        """Clear up after an earlier life, and go on where it stopped; the place must be taken.

        Raises:
            LedgerError: the engine's jobs cannot be reached.
        """
        try:
            self._go_on()
        except ProcessorError:
            self._liveness.release()
            raise

    def _go_on(self) -> None:
        context = self._context
        leftovers.end_programs(context)
        leftovers.remove_worktrees(context)
        with self._database.opening():
            durable.configure(self._database, context.instance)
        patient = replace(context, ledger=context.ledger.patient(_PATIENCE_SECONDS))
        workflow = self._workflow = build_workflow(patient, self._in_hand)
        poll_seconds = context.settings.main.engine.poll_seconds
        with self._database.opening():
            durable.launch(context.instance, concurrency=self.parallelism, poll_seconds=poll_seconds)
            adopt.claim(context, workflow, [run.run_id for run in self.active()])
        for loop, name in (
            (self._release_loop, "release"),
            (self._fence_loop, "fence"),
            (self._reconcile_loop, "reconcile"),
            (self._announce_loop, "announce"),
        ):
            thread = threading.Thread(target=self._guarded, args=(loop,), name=f"engine-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    @property
    def parallelism(self) -> int:
        """How many runs this host may execute at once."""
        return self._capacity.parallel

    @property
    def capacity(self) -> Capacity:
        """What is in force on this host."""
        return self._capacity

    def set_capacity(self, capacity: Capacity) -> None:
        """Change what this host may do at once, from now on; what is active goes on.

        Nothing changes while DBOS cannot be told; who asks again, as the service does each second, changes it then.
        """
        is_new = replace(self._capacity, reason=capacity.reason) != capacity  # the words change with every reading
        if is_new:
            try:
                durable.set_concurrency(self._context.instance, capacity.parallel)
            except _PASSING as exc:
                _log_passing(exc)
                return
        self._capacity = capacity
        if is_new:
            self.wake()

    def wake(self) -> None:
        """Look at the queue now instead of at the next tick."""
        self._wake.set()

    def active(self) -> tuple[RunRecord, ...]:
        """Read the runs that this service executes."""
        return active_runs(self._context)

    def is_busy(self) -> bool:
        """Tell whether a run is being worked on; one that waits for its next try is not. Asks no database."""
        return self._in_hand.is_busy()

    def wait_until_done(self, run_id: str, seconds: float) -> bool:
        """Wait until GitHub was told how a run ended, and what it left is gone; False when it takes longer."""
        return self._in_hand.wait_until_done(run_id, seconds)

    def stop_releasing(self) -> None:
        """Start nothing more; what is active goes on."""
        self._closing.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=_JOIN_SECONDS)

    def end_programs(self) -> None:
        """End the agents and checks of this service at once; the context's `stopping` must be set before."""
        leftovers.end_own_programs(self._context)

    def shut_down(self) -> None:
        """Leave; what is still active resumes at the next start, and was not cut short by a crash."""
        if not self.is_lost.is_set():
            with contextlib.suppress(DatabaseAway), self._context.ledger.write() as db:
                progress.lay_down_phases(db, self._context.instance)
            durable.shut_down()
        self._liveness.release()

    def forget_ended(self, older_than_seconds: float) -> int:
        """Delete engine jobs that ended so long ago, some at once; the ledger keeps what matters of them."""
        with self._context.ledger.read() as db:
            keep = {run.run_id for run in queries.active_runs(db)}
        return durable.forget_ended(self._context.clock() - older_than_seconds, keep)

    def release_now(self) -> None:
        """Hand over what capacity and caps allow; nothing while GitHub takes no requests, for it would only fail."""
        if self._fence.is_down or self._workflow is None:
            return
        if self._only is None and not self._context.github.takes_requests:
            return
        for run_id in release_runs(self._context, self.parallelism, self._capacity, self._only):
            durable.enqueue(self._workflow, run_id, self._context.instance)

    def _guarded(self, loop: Callable[[], None]) -> None:
        # A service without one of its loops would look alive and do nothing: it leaves, and is started anew.
        try:
            loop()
        finally:
            if not self._closing.is_set():
                self.is_lost.set()

    def _release_loop(self) -> None:
        is_away = False
        while not self._closing.is_set():
            try:
                self.release_now()
                is_away = False
            except _PASSING as exc:
                if not is_away:
                    _log_passing(exc)
                is_away = True
            self._wake.wait(self._context.settings.main.engine.poll_seconds)
            self._wake.clear()

    def _fence_loop(self) -> None:
        # Nothing here may wait for the database, or a host that lost it would not notice.
        while not self._closing.wait(_FENCE_LOOK_SECONDS):
            if not self._fence.may_go_on(
                is_working=lambda: bool(self._in_hand.run_ids()), is_still_ours=self._is_in_hand_ours
            ):
                return

    def _is_in_hand_ours(self) -> bool:
        try:
            with self._context.ledger.read() as db:
                held = {run.run_id: adopt.holder(run) for run in queries.active_runs(db)}
        except LedgerError:
            return True  # gone again: the lock with it, so the next look decides
        return all(
            held.get(run_id, self._context.instance) == self._context.instance for run_id in self._in_hand.run_ids()
        )

    def _reconcile_loop(self) -> None:
        suspects: set[str] = set()
        looks = 0
        while not self._closing.wait(_RECONCILE_SECONDS):
            looks += 1
            try:
                self._end_crashed_runs()
                suspects = self._take_over(suspects)
                if looks % _FORGET_EVERY == 0:
                    self.forget_ended(_FORGET_AFTER_SECONDS)
            except _PASSING as exc:
                suspects = set()  # who was silent before the database went away may be getting its lock back now
                _log_passing(exc)

    def _announce_loop(self) -> None:
        announcer = Announcer(self._context)
        while not self._closing.wait(_ANNOUNCE_SECONDS):
            try:
                announcer.look(self._in_hand.run_ids)
                if self._only is None:  # a service, which alone writes the operator's log
                    announcer.note_unnoticed()
            except _PASSING as exc:
                _log_passing(exc)

    def _end_crashed_runs(self) -> None:
        """End runs whose job DBOS gave up, so that no run stays active for ever; they are announced like any other."""
        active = {run.run_id for run in self.active()}
        for run_id, job in durable.jobs(active).items():
            if job.is_terminal and self._context.load(run_id).outcome is None:
                message = f"the engine gave this run up ({job.status.lower()}); see the log, then `aip queue retry`"
                finish.crashed(self._context, run_id, message)
                finish.clean_up(self._context, run_id)

    def _take_over(self, suspects: set[str]) -> set[str]:
        """Take over from services whose lock was free at the last look too, and return those whose lock is free now."""
        if self._fence.is_down or self._workflow is None:
            return set()
        workflow = self._workflow
        adopt.claim(self._context, workflow, [run.run_id for run in self.active()])
        if self._only is not None:
            return set()
        free = {name for name in adopt.find_others(self._context) if self._liveness.if_dead(name, _nothing)}
        for dead in free & suspects:
            self._liveness.if_dead(dead, lambda dead=dead: adopt.adopt(self._context, workflow, dead))  # type: ignore[misc]
        return free - suspects


def _nothing() -> None:
    pass


def _log_passing(exc: BaseException) -> None:
    _LOG.error(logs.LEDGER_UNREACHABLE, message=(str(exc).strip().splitlines() or [type(exc).__name__])[0])

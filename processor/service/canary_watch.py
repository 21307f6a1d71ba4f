"""The duty of the canary: its rounds go on, and intake looks for its issue in the ordinary poll."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from processor import logs
from processor.engine.executor import Engine
from processor.errors import ProcessorError
from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.operations.canary.keeping import Canary
from processor.pipeline.context import Context
from processor.service.polls import NextPoll

LOOK_SECONDS = 2.0
#: GitHub may not list a new issue at once.
_ASK_AGAIN_SECONDS = 20.0
_LOG = logs.get_logger("canary")


class CanaryWatch:
    """The canary of one service; `plan` is told when to ask GitHub for issues."""

    def __init__(
        self,
        context: Context,
        engine: Engine,
        plan: Callable[[NextPoll], None],
        service_state: Callable[[], str],
    ) -> None:
        self._context = context
        self._engine = engine
        self._plan = plan
        self._service_state = service_state
        self._canary = Canary(context, self._wake_intake)
        self._at_work = threading.Lock()

    def look(self) -> None:
        """Begin a round that is due, and go on with the one under way; come back at once.

        GitHub wants a second between writes, and may take its time to answer.
        """
        if self._service_state() != "running" or self._at_work.locked() or not self._canary.has_work():
            return
        threading.Thread(target=self._work, name="canary", daemon=True).start()

    def _work(self) -> None:
        with self._at_work:
            try:
                self._canary.look()
            except ProcessorError as exc:  # the ledger is away; the next look tries again
                _LOG.error(logs.DUTY_FAILED, duty="canary", error_type=str(exc.error_type), message=str(exc))

    def poll_sandbox(self) -> None:
        """Look for the issue of a round, if there is one; trouble there is the canary's, not that of polling."""
        context = self._context
        sandbox = context.settings.main.sandbox
        if sandbox is None or not self._canary.is_waiting_for_intake():
            return
        try:
            if poll(Poller(context.settings, context.ledger, context.github, context.clock), sandbox.name).queued:
                self._engine.wake()
        except ProcessorError as exc:
            _LOG.error(logs.POLL_FAILED, repository=sandbox.name, error_type=str(exc.error_type), message=str(exc))
            self._canary.note_poll_failed(exc)

    def _wake_intake(self, *, is_new: bool) -> None:
        # While GitHub takes no requests, its own time for the next poll holds.
        if self._context.github.limited_until is None:
            soon = datetime.now(UTC) + timedelta(seconds=0 if is_new else _ASK_AGAIN_SECONDS)
            self._plan(NextPoll(at_the_latest=soon))

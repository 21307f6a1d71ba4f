"""Look and act on the ledger, as the commands do: every service on it takes it up, and it works while none runs."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from processor.api.run_view import run_json
from processor.cli.status import ask_status
from processor.cli.top.picture import BACKLOG_SHOWN, FAILED_SHOWN, Picture
from processor.intake.poller import Poller
from processor.ledger import operators, queries, runs
from processor.ledger.connection import Ledger
from processor.ledger.operators import Act
from processor.model import IssueRef, Outcome
from processor.model.durations import seconds_of
from processor.operations import cancel as cancelling
from processor.operations import requeue
from processor.operations.capacity_level import set_level
from processor.operations.effective import effective
from processor.settings.load import Loaded

BAD = (Outcome.ERROR, Outcome.TIMEOUT, Outcome.REJECTED)


@dataclass(frozen=True)
class LedgerDesk:
    """The ledger of this installation.

    Args:
        base: what the settings files say.
        poller: lends what asks GitHub, made when it is needed: only a retry does.
        actor: who is asking, for the audit.
    """

    base: Loaded
    ledger: Ledger
    poller: Callable[[], AbstractContextManager[Poller]]
    actor: str

    def look(self) -> Picture:
        """See how things stand; the running service is asked for what only it knows."""
        settings = effective(self.base, self.ledger, time.time()).settings
        status, source = ask_status(settings, self.ledger)
        with self.ledger.read() as db:
            backlog = queries.backlog(db)
            dead = {run.run_id for run in queries.dead_letters(db)}
            return Picture(
                seen_at=time.time(),
                source=source,
                status=status,
                active=[run_json(run) for run in queries.active_runs(db)],
                backlog=[run_json(run) for run in backlog[:BACKLOG_SHOWN]],
                failed=[run_json(run, dead) for run in queries.recent_runs(db, FAILED_SHOWN, outcomes=BAD)],
                backlog_total=len(backlog),
                dead_letters=len(dead),
            )

    def hold(self, *, is_paused: bool, reason: str) -> str:
        """Pause or go on."""
        word, now = self._act("pause" if is_paused else "resume", operators.PROCESSING, reason), time.time()
        with self.ledger.write() as db:
            if is_paused:
                operators.set_control(db, operators.PAUSED, True, word, now)
            else:
                operators.clear_control(db, operators.PAUSED, word, now)
        return "paused; active runs go on" if is_paused else "resumed"

    def cancel(self, run_id: str, reason: str) -> str:
        """Cancel a run."""
        with self.ledger.read() as db:
            ref = runs.get(db, run_id).ref
        done = cancelling.cancel(self.ledger, run_id, self._act("queue.cancel", f"{ref} {run_id}", reason), time.time())
        return f"run {run_id} of {ref} {'ended' if done.has_ended else 'is asked to stop'}"

    def retry(self, issue: str, reason: str) -> str:
        """Have an issue processed once more."""
        ref = IssueRef.parse(issue)
        with self.poller() as poller:
            done = requeue.retry(poller, ref, self._act("queue.retry", str(ref), reason), again=False)
        return f"{ref} is queued as run {done.run_id}"

    def set_level(self, level: str, duration: str, reason: str) -> str:
        """Put every host at a level for a while, or `auto`."""
        seconds = None if level == "auto" else seconds_of(duration)
        set_level(self.ledger, self.base, level, seconds=seconds, actor=self.actor, reason=reason, now=time.time())
        return "every host follows its load" if level == "auto" else f"every host at {level} for {duration}"

    def _act(self, action: str, target: str, reason: str) -> Act:
        return Act(actor=self.actor, action=action, target=target, reason=reason)

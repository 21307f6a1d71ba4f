"""What the HTTP routes of pause, cancel and retry reach: the same operations that the commands use."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from processor.intake.poller import Poller
from processor.ledger import operators, queries, runs
from processor.ledger.operators import Act
from processor.model import IssueRef
from processor.operations.cancel import cancel
from processor.operations.requeue import retry
from processor.operations.spelling import name_as_known
from processor.service.assembly import Parts
from processor.service.steering_door import actor_over_http
from processor.settings.sections import Settings


@dataclass(frozen=True)
class OperatorDoor:
    """Acts on the ledger; every service on it takes it up."""

    parts: Parts
    settings_now: Callable[[], Settings]

    def hold(self, *, is_paused: bool, reason: str, by: str) -> int:
        """Pause or go on, and tell how many runs are active."""
        action = "pause" if is_paused else "resume"
        word = Act(actor=actor_over_http(by), action=action, target=operators.PROCESSING, reason=reason)
        with self.parts.ledger.write() as db:
            if is_paused:
                operators.set_control(db, operators.PAUSED, True, word, time.time())
            else:
                operators.clear_control(db, operators.PAUSED, word, time.time())
            return len(queries.active_runs(db))

    def cancel(self, run_id: str, *, reason: str, by: str) -> bool:
        """Cancel a run, and tell whether it has ended already.

        Raises:
            UsageError: there is no such run.
            NothingToCancel: it has ended before.
        """
        with self.parts.ledger.read() as db:
            ref = runs.get(db, run_id).ref
        word = Act(actor=actor_over_http(by), action="queue.cancel", target=f"{ref} {run_id}", reason=reason)
        return cancel(self.parts.ledger, run_id, word, time.time()).has_ended

    def retry(self, ref: IssueRef, *, again: bool, reason: str, by: str) -> tuple[IssueRef, str]:
        """Queue a new run of an issue, and name both as they are recorded.

        Raises:
            NotRetried: with the rule that refused.
            GitHubError, NetworkError: the issue cannot be read.
        """
        settings, ledger = self.settings_now(), self.parts.ledger
        known = IssueRef(name_as_known(ref.repository, settings, ledger), ref.number)
        action = "queue.retry_again" if again else "queue.retry"
        word = Act(actor=actor_over_http(by), action=action, target=str(known), reason=reason)
        poller = Poller(settings=settings, ledger=ledger, github=self.parts.github, clock=time.time)
        return known, retry(poller, known, word, again=again).run_id

"""Follow the issues in the ledger until every one has ended, and the service has tidied up after them."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from processor.demo.folder import DemoFolder
from processor.demo.service_process import raise_if_gone
from processor.errors import ProcessorError
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord
from processor.model import IssueRef, RunState

_LOOK_EVERY_SECONDS = 0.2
_TIDY_SECONDS = 15.0


@dataclass(frozen=True, kw_only=True)
class IssueState:
    """Where one issue stands: its newest run, or the reason why it has none; both None before the first poll."""

    ref: IssueRef
    run: RunRecord | None = None
    skip_reason: str | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more will happen to it."""
        return self.skip_reason is not None if self.run is None else self.run.state is RunState.FINISHED


States = tuple[IssueState, ...]


def read_states(ledger: Ledger, refs: Iterable[IssueRef]) -> States:
    """Read where the issues stand."""
    with ledger.read() as db:
        skipped = queries.skipped_issues(db)
        newest = {ref: next(iter(queries.runs_of_issue(db, ref)), None) for ref in refs}
    return tuple(
        IssueState(ref=ref, run=run, skip_reason=skipped.get(ref) if run is None else None)
        for ref, run in newest.items()
    )


def follow(
    ledger: Ledger,
    refs: Iterable[IssueRef],
    folder: DemoFolder,
    service: subprocess.Popen[bytes],
    *,
    limit_seconds: float,
    show: Callable[[States], None],
) -> States:
    """Wait until every issue has ended and its worktrees are gone; `show` is told at each look.

    Raises:
        ProcessorError: the service ended by itself, or the limit was reached.
    """
    wanted = tuple(refs)
    pause = threading.Event()
    started = time.monotonic()
    ended_at: float | None = None
    while True:
        states = read_states(ledger, wanted)
        show(states)
        now = time.monotonic()
        if all(state.has_ended for state in states):
            ended_at = ended_at or now
            # The outcome is recorded before the last comment is written and the worktree removed.
            if not folder.worktrees_left() or now - ended_at > _TIDY_SECONDS:
                return states
        elif now - started > limit_seconds:
            raise ProcessorError(_pending(states, limit_seconds))
        raise_if_gone(service, folder)
        pause.wait(_LOOK_EVERY_SECONDS)


def _pending(states: States, limit_seconds: float) -> str:
    names = ", ".join(f"#{state.ref.number}" for state in states if not state.has_ended)
    remedy = "look at the logs with --keep DIR, or take fewer with --issues"
    return f"issues {names} had not ended after {limit_seconds:g} s; {remedy}"

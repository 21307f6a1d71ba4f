"""What the gate is asked to judge, and what it may use for that."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from processor.model import Change, Issue


@dataclass(frozen=True, kw_only=True)
class GateTask:
    """One change to judge.

    Checks that are programs run in the two worktrees and may leave files there; publish from the stored change, never
    from these folders.
    """

    repository: str
    issue: Issue
    change: Change
    base_worktree: Callable[[], Path]  #: makes a checkout of the base commit; called at most once, only when needed
    changed_worktree: Path  #: a git worktree of the base commit with the change applied
    output_directory: Path  #: receives what checks print, one file an execution
    should_stop: Callable[[], bool]
    on_start: Callable[[int], None]  #: told the process group of every program
    deadline_seconds: float  #: what is left of the run's own limit
    run_id: str

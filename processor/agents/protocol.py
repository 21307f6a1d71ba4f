"""What every agent is given, and what it must do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from processor.model import AgentResult, Issue


@dataclass(frozen=True, kw_only=True)
class AgentTask:
    """One issue to resolve in one worktree.

    `output_directory` receives what the agent prints and must not lie in the worktree. `tracked_files` are the paths
    that git knows at the base commit, relative to the worktree. `on_start` is told the process group of each program
    before it does anything; `should_stop` True means that the run is cancelled.
    """

    run_id: str
    issue: Issue
    worktree: Path
    output_directory: Path
    timeout_seconds: float
    tracked_files: tuple[str, ...]
    should_stop: Callable[[], bool]
    on_start: Callable[[int], None]


class Agent(Protocol):
    """Whoever changes the code."""

    @property
    def name(self) -> str:
        """Its name in the settings."""
        ...

    def run(self, task: AgentTask) -> AgentResult:
        """Change the worktree; a failure of the agent's own is the result's `failure`, beside what it spent."""
        ...

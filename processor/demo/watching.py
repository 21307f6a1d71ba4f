"""Show what happens while it happens: a live table on a terminal, else a line for each issue that ends."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from processor.demo.plan import PlannedIssue
from processor.demo.progress import IssueState, States
from processor.demo.words import neutral, shown_outcome
from processor.model import IssueRef, RunState

Show = Callable[[States], None]
_COLUMNS = (("issue", 5), ("priority", 8), ("now", 8))
_LINES_AROUND_THE_TABLE = 4


@dataclass(frozen=True)
class Watcher:
    """Tells a person, on the console it is given (standard error, so that a result on standard output stays alone)."""

    console: Console

    def tell(self, text: str) -> None:
        """Say one sentence."""
        self.console.print(Text(neutral(text)), soft_wrap=True)

    @contextmanager
    def progress(self, planned: Mapping[IssueRef, PlannedIssue]) -> Iterator[Show]:
        """Give the function that shows where the issues stand."""
        if not self.console.is_terminal:
            yield _Lines(self, planned)
            return
        with Live(console=self.console, transient=True, refresh_per_second=5) as live:
            yield lambda states: live.update(_table(states, planned, self.console.height))


class _Lines:
    """Says each issue once, when it has ended."""

    def __init__(self, watcher: Watcher, planned: Mapping[IssueRef, PlannedIssue]) -> None:
        self._watcher = watcher
        self._planned = planned
        self._told: set[IssueRef] = set()

    def __call__(self, states: States) -> None:
        for state in states:
            if state.has_ended and state.ref not in self._told:
                self._told.add(state.ref)
                self._watcher.tell(f"  #{state.ref.number} {stage_of(state)}: {self._planned[state.ref].title}")


def stage_of(state: IssueState) -> str:
    """Say in a word where an issue stands: waiting, queued, a phase, an outcome, or skipped."""
    run = state.run
    if run is None:
        return "waiting" if state.skip_reason is None else "skipped"
    if run.state is RunState.QUEUED:
        return "queued"
    return str(run.outcome or run.phase or "starting")


def _table(states: States, planned: Mapping[IssueRef, PlannedIssue], height: int) -> Table:
    """Draw every issue, or those that are under way when there are more than the screen is high."""
    ended = sum(state.has_ended for state in states)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    table.title_justify, table.title_style = "left", "bold"
    table.title = f"aip run: {ended} of {len(states)} issues have ended"
    for name, width in _COLUMNS:
        table.add_column(name, no_wrap=True, min_width=width, header_style="dim")
    table.add_column("title", no_wrap=True, overflow="ellipsis", header_style="dim", ratio=1)
    shown = states
    if len(states) > height - _LINES_AROUND_THE_TABLE:
        shown = tuple(state for state in states if not state.has_ended)[: max(1, height - _LINES_AROUND_THE_TABLE)]
    for state in shown:
        issue = planned[state.ref]
        stage = shown_outcome(stage_of(state))
        table.add_row(f"#{state.ref.number}", str(issue.priority), stage, Text(neutral(issue.title)))
    return table

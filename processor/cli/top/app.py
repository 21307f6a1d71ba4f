"""The monitor: looks again every few seconds, survives that nobody answers, and asks before it acts."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Footer, Static
from textual.worker import get_current_worker

from processor.cli.screen import neutral
from processor.cli.top.desk import Desk
from processor.cli.top.dialogs import LevelQuestion, LevelWish, Question
from processor.cli.top.picture import (
    FAILED_HEADINGS,
    WORK_HEADINGS,
    Picture,
    Row,
    failed_rows,
    summary,
    work_rows,
)
from processor.errors import ProcessorError

_NOTHING_CHOSEN = "choose a run first: Tab and arrow keys move between tables and rows"


class TopApp(App[None]):
    """What `aip top` shows."""

    TITLE = "aip top"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #summary { height: 5; }
    DataTable { scrollbar-size-horizontal: 0; }
    DataTable:focus > .datatable--cursor { text-style: bold reverse; }
    #work { height: 2fr; }
    #failed { height: 1fr; }
    .heading { height: 1; text-style: bold reverse; }
    #told { height: auto; min-height: 1; max-height: 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "quit"),
        Binding("p", "hold", "pause/resume"),
        Binding("c", "cancel", "cancel"),
        Binding("r", "retry", "retry"),
        Binding("l", "level", "capacity"),
        Binding("u", "look", "look now"),
    ]

    def __init__(self, desk: Desk, every_seconds: float) -> None:
        super().__init__()
        self._desk = desk
        self._every_seconds = every_seconds
        self._picture: Picture | None = None
        self._looks_wanted = 0
        self._has_complained = False  # what is told last is that a look brought nothing
        self._rows: dict[str, list[Row]] = {"work": [], "failed": []}

    def compose(self) -> ComposeResult:
        """Lay out summary, work, failures, the last word and the keys."""
        yield Static("looking …", id="summary")
        yield Static("Active and backlog", classes="heading")
        yield DataTable(id="work", cursor_type="row")
        yield Static("Ended badly", classes="heading")
        yield DataTable(id="failed", cursor_type="row")
        yield Static("", id="told")
        yield Footer()

    def on_mount(self) -> None:
        """Look at once, and again and again."""
        self._table("work").add_columns(*WORK_HEADINGS)
        self._table("failed").add_columns(*FAILED_HEADINGS)
        self._table("work").focus()
        self.set_interval(self._every_seconds, self.action_look)
        self.action_look()

    def action_look(self) -> None:
        """See how things stand; while a look is under way, once more after it."""
        self._looks_wanted += 1
        if self._looks_wanted == 1:
            self._look()

    @work(thread=True)
    def _look(self) -> None:
        """Look beside the keys, which go on working while nobody answers."""
        try:
            picture = self._desk.look()
        except ProcessorError as exc:
            self._from_beside(self._looked, None, str(exc))
        else:
            self._from_beside(self._looked, picture, "")

    def _from_beside(self, call: Callable[..., None], *arguments: object) -> None:
        """Have the monitor do something; once it is closed there is nothing to do."""
        if not get_current_worker().is_cancelled:
            self.call_from_thread(call, *arguments)

    def _looked(self, picture: Picture | None, complaint: str) -> None:
        is_wanted_again, self._looks_wanted = self._looks_wanted > 1, 0
        if picture is not None:
            self._show(picture)
        if complaint or self._has_complained:
            self._tell_bad(f"{complaint} (what is shown is old)" if complaint and self._picture else complaint)
        self._has_complained = picture is None
        if is_wanted_again:
            self.action_look()

    def on_data_table_row_selected(self, chosen: DataTable.RowSelected) -> None:
        """Take Enter on a line for the wish to read all of it."""
        row = self._row(str(chosen.data_table.id))
        if row is not None:
            self._tell(row.whole, "")

    def action_hold(self) -> None:
        """Ask, then pause or go on."""
        is_paused = self._picture is not None and self._picture.status["paused"] is not None
        question = "Start runs again?" if is_paused else "Start no further run? Active ones go on."
        self._ask(question, lambda reason: self._desk.hold(is_paused=not is_paused, reason=reason))

    def action_cancel(self) -> None:
        """Ask, then cancel the chosen run."""
        row = self._chosen("work")
        if row is not None:
            self._ask(f"Cancel run {row.run_id} of {row.issue}?", lambda why: self._desk.cancel(row.run_id, why))

    def action_retry(self) -> None:
        """Ask, then have the issue of the chosen failure processed once more."""
        row = self._chosen("failed")
        if row is not None:
            self._ask(f"Process {row.issue} once more?", lambda why: self._desk.retry(row.issue, why))

    def action_level(self) -> None:
        """Ask for a level, then set it."""

        def chosen(wish: LevelWish | None) -> None:
            if wish is not None:
                self._act(lambda: self._desk.set_level(wish.level, wish.duration, wish.reason))

        self.push_screen(LevelQuestion(), chosen)

    def _ask(self, question: str, act: Callable[[str], str]) -> None:
        def answered(reason: str | None) -> None:
            if reason is not None:
                self._act(lambda: act(reason))

        self.push_screen(Question(question), answered)

    @work(thread=True, group="act")
    def _act(self, act: Callable[[], str]) -> None:
        """Do it beside the keys, say what became of it, and look."""
        try:
            done = act()
        except ProcessorError as exc:
            self._from_beside(self._tell_bad, str(exc))
            return
        self._from_beside(self._tell, done)
        self._from_beside(self.action_look)

    def _show(self, picture: Picture) -> None:
        self._picture = picture
        self.query_one("#summary", Static).update(summary(picture))
        self._fill("work", work_rows(picture))
        self._fill("failed", failed_rows(picture))

    def _fill(self, name: str, rows: list[Row]) -> None:
        """Show rows anew; the cursor stays on its run, and where that is gone, on its line."""
        table, before = self._table(name), self._row(name)
        line, across = table.cursor_row, table.scroll_x
        self._rows[name] = rows
        table.clear()
        for row in rows:
            table.add_row(*row.cells)
        same = next((place for place, row in enumerate(rows) if before and row.run_id == before.run_id), line)
        table.move_cursor(row=max(0, min(same, len(rows) - 1)))
        table.scroll_to(x=across, animate=False)

    def _chosen(self, name: str) -> Row | None:
        row = self._row(name)
        if row is None:
            self._tell_bad(_NOTHING_CHOSEN)
        return row

    def _row(self, name: str) -> Row | None:
        rows, line = self._rows[name], self._table(name).cursor_row
        return rows[line] if 0 <= line < len(rows) else None

    def _table(self, name: str) -> DataTable[Text]:
        return self.query_one(f"#{name}", DataTable)

    def _tell(self, sentence: str, style: str = "bold") -> None:
        self._has_complained = False
        self.query_one("#told", Static).update(Text(neutral(sentence), style=style))

    def _tell_bad(self, sentence: str) -> None:
        self._tell(sentence, "bold red")

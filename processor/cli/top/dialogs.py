"""Ask before anything is done: Enter does it, Escape leaves everything as it is."""

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList

LEVELS = ("auto", "low", "medium", "high")
_HINT = "Enter: do it   Esc: leave it"
_STYLE = """
align: center middle;
#box { width: 76; max-width: 100%; height: auto; border: round $primary; padding: 0 1; }
OptionList { height: auto; border: none; padding: 0; }
OptionList > .option-list--option-highlighted { text-style: bold reverse; }
Input:focus { text-style: bold; }
"""


class Question(ModalScreen[str | None]):
    """Asks whether to do one thing, and why; gives the reason, None when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "leave it")]
    CSS = f"Question {{ {_STYLE} }}"

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Show the question and a line for the reason."""
        with Vertical(id="box"):
            yield Label(Text(self._question))
            yield Input(placeholder="why, for the audit", compact=True, id="reason", max_length=200)
            yield Label(_HINT)

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Take Enter for yes."""
        self.dismiss(submitted.value.strip())


@dataclass(frozen=True)
class LevelWish:
    """The level that was chosen, for how long and why."""

    level: str
    duration: str
    reason: str


class LevelQuestion(ModalScreen[LevelWish | None]):
    """Asks for a level of capacity; gives None when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "leave it")]
    CSS = f"LevelQuestion {{ {_STYLE} }}"

    def compose(self) -> ComposeResult:
        """Show the levels, then for how long and why."""
        with Vertical(id="box"):
            yield Label("Capacity of every host: the load that it is taken to be under")
            yield OptionList(*LEVELS, id="level", compact=True)
            yield Label("For how long (not for auto), and why:")
            yield Input("2h", compact=True, id="duration", max_length=30)
            yield Input(placeholder="why, for colleagues and the history", compact=True, id="reason", max_length=200)
            yield Label(f"Tab: next field   {_HINT}")

    def on_mount(self) -> None:
        """Begin at the first level."""
        self.query_one("#level", OptionList).highlighted = 0

    def on_option_list_option_selected(self) -> None:
        """Go on to the next field."""
        self.query_one("#duration", Input).focus()

    def on_input_submitted(self) -> None:
        """Take Enter in a field for yes."""
        chosen = self.query_one("#level", OptionList).highlighted
        duration, reason = (self.query_one(f"#{name}", Input).value.strip() for name in ("duration", "reason"))
        self.dismiss(LevelWish(LEVELS[chosen or 0], duration, reason or "from aip top"))

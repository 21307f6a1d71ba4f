"""Print: tables and lines for people, JSON for programs. Strangers' text never steers the terminal."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_PIPE_WIDTH = 400
_GAP = 2
_LEAST_LAST_WIDTH = 12
Cell = str | Text
_STYLES = {
    "success": "green",
    "ok": "green",
    "passed": "green",
    "running": "cyan",
    "rejected": "yellow",
    "warning": "yellow",
    "paused": "yellow",
    "error": "red",
    "failed": "red",
    "timeout": "red",
    "unavailable": "red",
    "dead letter": "red",
}


def screen() -> Console:
    """Give standard output as it is now: 80 columns and colours on a terminal, plain long lines in a pipe."""
    return _console(sys.stdout)


def note(text: str) -> None:
    """Say something that is not the answer, on stderr."""
    _console(sys.stderr).print(Text(neutral(text)), soft_wrap=True)


def say(text: str = "", style: str = "") -> None:
    """Print one line of the answer; it is never wrapped by us, so that it can be copied."""
    screen().print(Text(text if text == "" else neutral(text, keep="\n"), style=style), soft_wrap=True)


def line(text: Text) -> None:
    """Print one styled line, never wrapped by us; the caller made strangers' text neutral."""
    screen().print(text, soft_wrap=True)


def print_json(value: object) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, cuts_last: bool = True) -> None:
    """Print columns under headings; only the last column is shortened to fit the terminal.

    Rich would shrink every column alike, and half an id is of no use to anybody.

    Args:
        cuts_last: whether that column may be shortened; else the terminal wraps its lines.
    """
    cells = [[cell if isinstance(cell, Text) else Text(neutral(cell)) for cell in row] for row in rows]
    widths = [max([len(heading), *(row[place].cell_len for row in cells)]) for place, heading in enumerate(headings)]
    output = screen()
    taken = sum(width + _GAP for width in widths[:-1])
    if cuts_last:
        widths[-1] = min(widths[-1], max(output.width - taken, _LEAST_LAST_WIDTH))
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    for heading, width in zip(headings, widths, strict=True):
        table.add_column(heading, no_wrap=True, overflow="ellipsis", width=width)
    for row in cells:
        table.add_row(*row)
    output.width = max(output.width, taken + widths[-1] + _GAP)
    if output.is_terminal:
        output.print(table)
        return
    with output.capture() as drawn:
        output.print(table)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in drawn.get().splitlines())


def print_fields(fields: Mapping[str, Cell | None]) -> None:
    """Print names and values below each other; a value of None is left out."""
    width = max(len(name) for name in fields) + 2
    for name, value in fields.items():
        if value is None:
            continue
        shown = value if isinstance(value, Text) else Text(neutral(value))
        screen().print(Text(f"{name}:".ljust(width), style="bold") + shown, soft_wrap=True)


def state_cell(state: str) -> Text:
    """Give a state its colour."""
    return Text(state, style=_STYLES.get(state, ""))


def neutral(text: str, keep: str = "") -> str:
    """Show control characters, direction marks and line ends instead of obeying them.

    Args:
        keep: characters that stay as they are.
    """
    return "".join(
        letter if letter.isprintable() or letter in keep else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _console(stream: Any) -> Console:
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)

"""Write figures into a document, between two marks: the one place where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.figure import Figure

_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"
_HEADING = "| What | Median | Range | Times | Target |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Document:
    """What stands before and after the figures; found before anything is measured, since that takes long."""

    path: Path
    before: str
    after: str

    @classmethod
    def open(cls, path: Path) -> Self:
        """Find the place of the figures.

        Raises:
            RuntimeError: there is no such file, or it has no place for figures.
        """
        try:
            before, begin, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
        except OSError as exc:
            raise RuntimeError(f"{path} cannot be read: {exc.strerror}; name a document with --document") from exc
        _, end, after = rest.partition(_END)
        if not begin or not end:
            raise RuntimeError(f"{path} has no place for figures; give it the lines {_BEGIN} and {_END}")
        return cls(path, before, after)

    def write(self, machine: str, figures: Iterable[Figure]) -> None:
        """Put the figures in place of the former ones, with what they were measured on."""
        parts = (self.before, _BEGIN, f"\nOn {machine}.\n\n", _HEADING, "\n", *map(_row, figures), _END, self.after)
        self.path.write_text("".join(parts), encoding="utf-8")


def _row(figure: Figure) -> str:
    what, median, extent, times, target, verdict = figure.cells()
    missed = ", missed" if verdict == "missed" else ""
    return f"| {what} | {median} | {extent} | {times} | {target}{missed} |\n"

"""The text of a rules file, its faults, and where a character of a value stands in it."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from processor.errors import Fault
from processor.settings.places import shown
from processor.settings.plain_yaml import PlainLoader

_MOST_BYTES = 1_000_000


@dataclass
class FaultList:
    """Every fault of one file; lines and columns are counted from 1."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, node: yaml.Node, key: str, problem: str, remedy: str, value: str = "") -> None:
        """Note what is wrong with a node."""
        mark = node.start_mark
        self.add_at((mark.line + 1, mark.column + 1), key, problem, remedy, value)

    def add_at(self, place: tuple[int, int] | None, key: str, problem: str, remedy: str, value: str = "") -> None:
        """Note what is wrong at a line and column; None where the file as a whole is meant."""
        line, column = place or (None, None)
        self.found.append(Fault(self.file, line, key, shown(value) if value else "", problem, remedy, column))

    def compose(self, text: str) -> yaml.Node | None:
        """Read YAML as nodes; None when it is not YAML, or says nothing."""
        try:
            root = yaml.compose(text, Loader=PlainLoader)
        except yaml.MarkedYAMLError as exc:
            # What is never closed is noticed at the end of the file, far from where it opens.
            is_open = "end of stream" in (exc.problem or "") and exc.context_mark is not None
            mark = exc.context_mark if is_open else exc.problem_mark or exc.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else None
            self.add_at(place, "file", f"is not YAML ({exc.problem or exc.context})", "mend the line")
            return None
        except (yaml.reader.ReaderError, RecursionError):
            self.add_at(None, "file", "is not YAML of any sense", "write it by hand, without control characters")
            return None
        if root is None and not self.found:
            self.add_at(None, "file", "is empty", "write `rules:` and a list below it")
        return root


def read_source(path: Path) -> tuple[str, FaultList]:
    """Read the file; a text that cannot be read is empty, and the reason is noted."""
    faults = FaultList(str(path))
    try:
        if path.stat().st_size > _MOST_BYTES:
            faults.add_at(None, "file", f"is larger than {_MOST_BYTES} bytes", "keep only rules in it")
            return "", faults
        return path.read_bytes().decode("utf-8-sig"), faults
    except UnicodeDecodeError:
        faults.add_at(None, "file", "is not UTF-8 text", "save it as UTF-8")
    except OSError as exc:
        faults.add_at(None, "file", f"cannot be read ({exc.strerror})", "name a file that this user may read")
    return "", faults


def place_in_scalar(text: str, node: yaml.ScalarNode, at: int) -> tuple[int, int]:
    """Find line and column of a character of a value, counted from 1.

    Quotes, folding and indentation make a value shorter than its source, so the two are walked side by side; a space
    of the value may be any white space of the source.
    """
    source = node.start_mark.index
    if node.style in {"'", '"'}:
        source += 1
    elif node.style in {"|", ">"}:
        source = text.index("\n", source) + 1
    for letter in str(node.value)[:at]:
        source = _find(text, letter, source, node.end_mark.index) + 1
    if at < len(node.value):
        source = _find(text, node.value[at], source, node.end_mark.index)
    before = text[:source]
    return before.count("\n") + 1, source - (before.rfind("\n") + 1) + 1


def _find(text: str, letter: str, start: int, end: int) -> int:
    for place in range(start, end):
        if text[place] == letter or (letter.isspace() and text[place].isspace()):
            return place
    return start

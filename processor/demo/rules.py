"""Say which rules of ruff make good issues, how urgent each is by its nature, and why it matters."""

import re
from dataclasses import dataclass

from processor.model import Priority

_CODE = re.compile(r"(?P<linter>[A-Z]+)(?P<number>[0-9]*)")


@dataclass(frozen=True)
class Nature:
    """Rules of one kind. `rules` are codes or beginnings of codes: `F` is all of Pyflakes, `F5` its format checks."""

    rules: tuple[str, ...]
    priority: Priority
    reason: str


#: The first that fits is the one. Left out are rules that only sort, and those that judge other rules' comments.
NATURES = (
    Nature(
        ("F5", "F6", "F7", "F81", "F9", "W6", "PLE", "B03", "RUF032", "PLW1507"),
        Priority.CRITICAL,
        "This is wrong, or about to become an error in Python itself.",
    ),
    Nature(
        ("F", "E71", "E72", "PLW", "PLC", "B"),
        Priority.HIGH,
        "It misleads whoever reads or changes this next.",
    ),
    Nature(
        ("UP", "C4", "PIE", "SIM", "PERF", "RSE"),
        Priority.MEDIUM,
        "Every Python that this project supports has a simpler way.",
    ),
    Nature(
        ("FURB", "FLY", "RET5", "PLR", "W29", "E70", "RUF010", "RUF019", "RUF021"),
        Priority.LOW,
        "It is style, and costs a little each time the file is read.",
    ),
)
#: An f-string without a placeholder is no wrong format, though its code says so.
_EXCEPTIONS = {"F541": Priority.HIGH}

#: What `ruff check --select` is given.
SELECTED = tuple(rule for nature in NATURES for rule in nature.rules)
SPELLING_REASON = "Misspelled words are hard to search for, and readers stumble over them."


def nature_of(rule: str) -> Nature | None:
    """Find the nature of a rule code such as F401; None for one that makes no issue."""
    exception = _EXCEPTIONS.get(rule)
    for nature in NATURES:
        if exception not in {None, nature.priority}:
            continue
        if any(_covers(wanted, rule) for wanted in nature.rules):
            return nature
    return None


def _covers(wanted: str, rule: str) -> bool:
    ours, theirs = _CODE.fullmatch(wanted), _CODE.fullmatch(rule)
    if ours is None or theirs is None:
        return False
    return ours["linter"] == theirs["linter"] and theirs["number"].startswith(ours["number"])

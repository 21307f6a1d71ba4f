"""Find real defects in a tree that a recipe can mend: safe fixes of ruff, and misspelled words."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from processor.demo.reexports import is_taken, taken_names
from processor.demo.rules import SELECTED, nature_of
from processor.demo.spelling import find_misspellings
from processor.errors import ResourceError
from processor.model import Priority

_RUFF_SECONDS = 120
_UNUSED_IMPORT = "F401"
#: `os.path`, `x as y`: what the module calls it is the last word.
_IMPORTED = re.compile(r"`[^`]*?(?P<name>\w+)` imported but unused")
_OLDEST_KNOWN_TO_RUFF = 7
#: A fix in more places than this may be larger than the gate lets through.
_MOST_PLACES = 80


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One rule broken in one file: what becomes one issue.

    `rule` is a code of ruff, or `codespell`. `places` are (line, message), by line.
    """

    tool: Literal["ruff", "codespell"]
    path: str
    rule: str
    priority: Priority
    places: tuple[tuple[int, str], ...]


def find_defects(tree: Path, oldest_python: int | None = None) -> tuple[Defect, ...]:
    """Look through a tree; the defects come in a fixed order: urgent first, then by rule and path.

    Args:
        oldest_python: minor number of the oldest Python 3 that the code must run on; what needs a newer one is no
            defect. None leaves it to ruff.

    Raises:
        ResourceError: ruff or codespell does not work here.
    """
    found = [*_ruff_defects(tree, oldest_python), *_spelling_defects(tree)]
    small = [defect for defect in found if len(defect.places) <= _MOST_PLACES]
    return tuple(sorted(small, key=lambda defect: (defect.priority.rank, defect.rule, defect.path)))


def _ruff_defects(tree: Path, oldest_python: int | None) -> Iterator[Defect]:
    places: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for violation in _run_ruff(tree, oldest_python):
        fix, rule = violation["fix"], violation["code"]
        if fix is None or fix["applicability"] != "safe" or nature_of(rule) is None:
            continue
        path = Path(violation["filename"]).relative_to(tree.resolve()).as_posix()
        places[rule, path].append((violation["location"]["row"], violation["message"]))
    taken = taken_names(tree)
    for (rule, path), where in places.items():
        nature = nature_of(rule)
        if nature is not None and not _breaks_others(rule, path, where, taken):
            yield Defect(
                tool="ruff",
                path=path,
                rule=rule,
                priority=nature.priority,
                places=tuple(sorted(where)),
            )


def _breaks_others(rule: str, path: str, where: list[tuple[int, str]], taken: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a removed import is one that other files rely on; ruff looks at one file at a time."""
    if rule != _UNUSED_IMPORT:
        return False
    named = [_IMPORTED.search(message) for _, message in where]
    return any(match is None or is_taken(path, match["name"], taken) for match in named)


def _run_ruff(tree: Path, oldest_python: int | None) -> list[dict]:  # type: ignore[type-arg]  # ruff's own JSON; read by key above
    argv = [sys.executable, "-P", "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero"]
    argv += ["--no-respect-gitignore", "--select", ",".join(SELECTED), "--output-format", "json"]
    if oldest_python is not None:
        argv += ["--target-version", f"py3{max(oldest_python, _OLDEST_KNOWN_TO_RUFF)}"]
    argv += ["--", "."]
    done = subprocess.run(argv, cwd=tree, capture_output=True, timeout=_RUFF_SECONDS, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise ResourceError(f"ruff ended with exit code {done.returncode}: {said}; install it again with pip")
    violations: list[dict] = json.loads(done.stdout)  # type: ignore[type-arg]
    return violations


def _spelling_defects(tree: Path) -> Iterator[Defect]:
    for path, places in find_misspellings(tree).items():
        yield Defect(
            tool="codespell",
            path=path,
            rule="codespell",
            priority=Priority.LOW,
            places=tuple((line, f"`{wrong}` should be `{right}`") for line, wrong, right in places),
        )

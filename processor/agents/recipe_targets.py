"""Find what a recipe step works on: rules and tracked files, as set or as the issue names them."""

import re
import stat
from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from processor.errors import RecipeMisfit
from processor.model import Issue
from processor.settings.sections import RecipeStep

_RULE = re.compile(r"(?<![A-Za-z0-9_])[A-Z]+[0-9]+(?![A-Za-z0-9_])")
_QUOTED = re.compile(r"`([^`\n]+)`")
_BETWEEN_PATHS = re.compile(r"[\s`\"'()<>\[\]{},;:*|]+")
_WILDCARD = re.compile(r"[*?\[]")


def step_rules(step: RecipeStep, issue: Issue, known_rules: Collection[str]) -> tuple[str, ...]:
    """Return the rule codes of a step; an empty tuple means the repository's own selection.

    Raises:
        RecipeMisfit: the issue should name rules and names none that exists.
    """
    if step.rules != "from_issue":
        return step.rules
    named = dict.fromkeys(_RULE.findall(_text(issue)))
    rules = tuple(rule for rule in named if rule in known_rules)
    if not rules:
        raise RecipeMisfit(
            f"issue {issue.ref} names no rule of ruff; name one in its text, such as F401, or set rules in the recipe"
        )
    return rules


def step_files(step: RecipeStep, issue: Issue, tracked_files: Sequence[str], worktree: Path) -> tuple[str, ...]:
    """Return the tracked regular files of a step, relative to the worktree; nothing behind a symbolic link.

    Raises:
        RecipeMisfit: no tracked file is named, by the settings or by the issue.
    """
    if step.paths == "from_issue":
        named = _named_in(_text(issue), frozenset(tracked_files))
        remedy = "name a file of the repository in its text, such as src/module.py, or set paths in the recipe"
        problem = f"issue {issue.ref} names no file of the repository"
    else:
        named = [path for path in tracked_files if any(_matches(path, wanted) for wanted in step.paths)]
        remedy = "set paths of the recipe to files or folders that git tracks"
        problem = f"{', '.join(step.paths)} matches no file of {issue.ref.repository}"
    files = tuple(path for path in named if _is_plain_file(worktree, path))
    if not files:
        raise RecipeMisfit(f"{problem}; {remedy}")
    return files


def _text(issue: Issue) -> str:
    return f"{issue.title}\n{issue.body}"


def _named_in(text: str, tracked_files: Collection[str]) -> list[str]:
    candidates = [*_QUOTED.findall(text), *_BETWEEN_PATHS.split(text)]
    cleaned: Iterable[str] = (candidate.strip().removeprefix("./").rstrip(".!?") for candidate in candidates)
    return [path for path in dict.fromkeys(cleaned) if path in tracked_files]


def _matches(path: str, wanted: str) -> bool:
    wanted = wanted.removeprefix("./").rstrip("/")
    if wanted in {"", "."}:
        return True
    if _WILDCARD.search(wanted):
        return fnmatchcase(path, wanted)
    return path == wanted or path.startswith(f"{wanted}/")


def _is_plain_file(worktree: Path, path: str) -> bool:
    place = worktree
    *folders, name = Path(path).parts
    for folder in folders:
        place /= folder
        if place.is_symlink():
            return False
    try:
        return stat.S_ISREG((place / name).lstat().st_mode)
    except OSError:
        return False

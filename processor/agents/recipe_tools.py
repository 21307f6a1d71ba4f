"""Know the tools of recipes: their argument lists, the files they take, and which exit codes are no failure.

The repository's own configuration of ruff and codespell applies (line length, excluded files, words to leave alone),
because the result must please the repository's own checks. What the step says wins over it: which rules are fixed, and
that files are written. The tools come from this Python's environment and never from the worktree: `-P` keeps a
`ruff.py` of the repository from being imported in their place.
"""

import functools
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from processor.errors import ResourceError
from processor.settings.sections import RecipeStep

_PYTHON = (sys.executable, "-P", "-m")
_PYTHON_FILES = (".py", ".pyi", ".ipynb")
_RULES_SECONDS = 60
_RUFF_FILES = {"ruff.toml", ".ruff.toml"}


def has_ruff_configuration(worktree: Path, tracked_files: Sequence[str]) -> bool:
    """Tell whether the repository says anywhere how ruff is to work."""
    for path in tracked_files:
        name = PurePosixPath(path).name
        if name in _RUFF_FILES or (name == "pyproject.toml" and _names_ruff(worktree / path)):
            return True
    return False


def _names_ruff(path: Path) -> bool:
    return path.is_file() and b"[tool.ruff" in path.read_bytes()


def tool_argv(step: RecipeStep, rules: Sequence[str], files: Sequence[str], *, is_configured: bool) -> list[str]:
    """Return the argv of a step for some files, relative to the worktree.

    Args:
        is_configured: the repository configures ruff; if it does not, ruff would look above the worktree and in the
            home folder, and obey what it finds there.
    """
    isolated = () if is_configured else ("--isolated",)
    match step.tool:
        case "ruff-fix":
            selected = ("--select", ",".join(rules), "--fixable", ",".join(rules)) if rules else ()
            unsafe = "--unsafe-fixes" if step.unsafe_fixes else "--no-unsafe-fixes"
            options = (
                "check",
                "--fix",
                unsafe,
                "--output-format",
                "concise",
                "--no-cache",
                "--force-exclude",
                *isolated,
                *selected,
            )
            return [*_PYTHON, "ruff", *options, "--", *files]
        case "ruff-format":
            return [*_PYTHON, "ruff", "format", "--no-cache", "--force-exclude", *isolated, "--", *files]
        case "codespell":
            return [*_PYTHON, "codespell_lib", "--write-changes", "--interactive", "0", "--", *files]


def takes_file(step: RecipeStep, path: str) -> bool:
    """Tell whether a step's tool reads files of this kind."""
    return step.tool == "codespell" or path.endswith(_PYTHON_FILES)


def is_failure(step: RecipeStep, exit_code: int) -> bool:
    """Tell whether the tool could not work; findings that remain are no failure."""
    match step.tool:
        case "ruff-fix":
            return exit_code not in {0, 1}
        case "ruff-format":
            return exit_code != 0
        case "codespell":
            return exit_code not in {0, 65}


@functools.cache
def known_rules() -> frozenset[str]:
    """Ask ruff for the codes of its rules, once per process; removed ones are left out.

    Raises:
        ResourceError: ruff does not answer.
    """
    argv = [*_PYTHON, "ruff", "rule", "--all", "--output-format", "json"]
    try:
        done = subprocess.run(argv, capture_output=True, timeout=_RULES_SECONDS, check=False)
    except OSError as exc:
        raise ResourceError(
            f"recipes cannot start their tools: {sys.executable or 'this Python'} cannot be executed ({exc.strerror}); "
            "let this user run it, or install the program where this user may"
        ) from exc
    except subprocess.TimeoutExpired as exc:
        raise ResourceError(f"ruff has not listed its rules within {_RULES_SECONDS} s; try again") from exc
    if done.returncode != 0:
        raise ResourceError(f"ruff cannot list its rules (exit code {done.returncode}); install it again")
    return frozenset(rule["code"] for rule in json.loads(done.stdout) if "Removed" not in rule.get("status", {}))

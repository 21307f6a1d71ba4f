"""Turn what a check's program printed into findings whose keys hold no line number and no worktree path."""

import re
from collections.abc import Sequence
from pathlib import Path

from processor.errors import GateToolError
from processor.gate.command.pytest_output import pytest_findings
from processor.gate.command.troubles import trouble_of
from processor.gate.plain_text import one_line
from processor.model import Finding
from processor.settings.sections import CommandCheck

_MOST_FINDINGS = 10_000
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_LOCATED = re.compile(r"^\s*(?P<path>[^\s:()][^:()]*)(?::|\()(?P<line>\d+)(?:[:,]\s*\d+)*\)?(?=[:\s]|$)")
_ARROW = re.compile(r"^\s*-->\s*(?P<place>\S.*?)\s*$")
_COMPLAINT = re.compile(r"\b(?:error|fatal|panic|exception)\b\s*:", re.IGNORECASE)
_TOTAL = re.compile(r"^\W*(?:(?:found|checked|total|all)\b.*|\d+\s+\w+.*)$", re.IGNORECASE)
_POSITIONS = (
    (re.compile(r"(?::\d+)+\b"), ":"),
    (re.compile(r"\(\d+(?:,\s*\d+)*\)"), "()"),
    (re.compile(r"^\s*\d+(?:[:|]\d*)"), ""),
    (
        re.compile(r"\b(lines?|columns?|col|rows?|char(?:acter)?)(\s*[=:]?\s*)\d+(?:\s*[-–]\s*\d+)?", re.IGNORECASE),
        r"\1",
    ),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "0x"),
    (re.compile(r"\b\d+(?:\.\d+)?\s?(?:ms|s|sec|seconds)\b"), "s"),
)


def read_findings(
    check: CommandCheck, exit_code: int, output: str, worktree: Path, *, is_complete: bool
) -> tuple[Finding, ...]:
    """Read the findings of one execution; exit code 0 means none.

    Args:
        is_complete: for pytest, whether it wrote the file that it writes last.

    Raises:
        GateToolError: there are more than 10 000, or the program did not check anything.
    """
    text = _ESCAPES.sub("", output)
    if trouble := trouble_of(exit_code, text):
        raise GateToolError(trouble)
    if check.findings == "pytest":
        found = pytest_findings(exit_code, text, is_complete=is_complete)
    elif exit_code == 0:
        return ()
    elif check.findings == "lines":
        found = _by_line(exit_code, text, worktree)
    else:
        found = (Finding(key=f"exit code {exit_code}", message=_with_last_line(f"exit code {exit_code}", text)),)
    if len(found) > _MOST_FINDINGS:
        raise GateToolError(f"it printed {len(found)} findings and the gate keeps {_MOST_FINDINGS}; narrow the check")
    return found


def normalised(line: str, worktree: Path) -> str:
    """Take out of a line what moves without meaning: the worktree's path, positions, addresses, durations."""
    text = _without_worktree(line, worktree)
    for pattern, replacement in _POSITIONS:
        text = pattern.sub(replacement, text)
    return one_line(text)


def _by_line(exit_code: int, text: str, worktree: Path) -> tuple[Finding, ...]:
    lines = _joined([line for line in (_without_worktree(one, worktree) for one in text.splitlines()) if line.strip()])
    is_located = any(_LOCATED.match(line) for line in lines)
    if exit_code > 1 and not is_located:
        # Linters end with 1 when they complain, and with more when they could not work.
        said = _with_last_line(f"it ended with exit code {exit_code} and named no place", text)
        raise GateToolError(f"{said}; set findings to exit_code if that is how it complains")
    chosen = _complaints(lines)
    if not chosen:
        return (Finding(key=f"exit code {exit_code}", message=f"exit code {exit_code} and nothing printed"),)
    return tuple(_finding(line, worktree) for line in chosen)


def _complaints(lines: Sequence[str]) -> list[str]:
    """Choose the lines that complain: those with a place, else all but totals, which change with every finding."""
    located = [line for line in lines if _LOCATED.match(line)]
    if located:
        return [line for line in lines if _LOCATED.match(line) or _COMPLAINT.search(line)]
    return [line for line in lines if not _TOTAL.match(line)] or list(lines)


def _joined(lines: Sequence[str]) -> list[str]:
    """Put a complaint and its place, which rustc and ruff print below it, on one line; alone it says too little."""
    joined: list[str] = []
    for line in lines:
        place = _ARROW.match(line)
        if place is not None and joined:
            joined[-1] = f"{place['place']}: {joined[-1].strip()}"
        else:
            joined.append(line)
    return joined


def _finding(line: str, worktree: Path) -> Finding:
    place = _LOCATED.match(line)
    return Finding(
        key=normalised(line, worktree),
        message=one_line(line),
        path=place["path"].strip() if place else "",
        line=int(place["line"]) if place else 0,
    )


def _without_worktree(line: str, worktree: Path) -> str:
    for folder in {str(worktree), str(worktree.resolve())}:
        line = line.replace(f"{folder}/", "").replace(folder, ".")
    return line


def _with_last_line(sentence: str, text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return f"{sentence}: {one_line(lines[-1], 200)}" if lines else sentence

"""Run bandit on one side of the changed Python files, inside this process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from bandit.core.config import BanditConfig
from bandit.core.manager import BanditManager

from processor.errors import GateToolError
from processor.gate.built_in.quiet import without_warnings
from processor.gate.changed_file import ChangedFile, judgeable_python
from processor.model import Finding

_SEVERITY = {"LOW": 2.0, "MEDIUM": 5.0, "HIGH": 9.0}
_WORST = 9.0
_CONFIDENCE = {"LOW": 0.5, "MEDIUM": 0.8, "HIGH": 1.0}
_ASSERT = "B101"  # a test is made of asserts
_SPEAKS_SECRETS = frozenset({"B105", "B106", "B107"})  # bandit quotes the password in its message


def scan(files: Sequence[ChangedFile], scratch: Path, *, side: Literal["before", "after"]) -> tuple[Finding, ...]:
    """Scan one side; `risk` is severity × confidence, and keys are test, file and source line.

    Copies are scanned, so that no link is followed and nothing of the repository's own configuration counts. A file
    that cannot be parsed is a finding of the highest risk; on the base commit it counts as clean, so it is always new.

    Raises:
        GateToolError: bandit broke at a file of the changed side.
    """
    place = scratch / f"bandit-{side}"
    place.mkdir()
    copies: dict[str, ChangedFile] = {}
    for number, file in enumerate(files):
        content = file.before if side == "before" else file.after
        if content is not None:
            copy = place / f"{number}.py"
            copy.write_bytes(judgeable_python(content, file.path))
            copies[str(copy)] = file
    manager = BanditManager(BanditConfig(), "file", quiet=True, ignore_nosec=True)
    manager.files_list = sorted(copies)
    with without_warnings():
        manager.run_tests()
    skipped = [_unread(copies[name], reason) for name, reason in manager.get_skipped() if side == "after"]
    counted = [issue for issue in manager.results if _counts(issue, copies[issue.fname])]
    return (*skipped, *(_finding(issue, copies[issue.fname], side) for issue in counted))


def _unread(file: ChangedFile, reason: str) -> Finding:
    if not reason.startswith("syntax error"):
        raise GateToolError(f"bandit could not scan {file.path}: {reason}")
    message = f"{file.path} cannot be scanned, for it cannot be parsed"
    return Finding(key=f"unread {file.path}", message=message, path=file.path, risk=_WORST)


def _counts(issue: object, file: ChangedFile) -> bool:
    return not (getattr(issue, "test_id", "") == _ASSERT and file.is_test)


def _finding(issue: object, file: ChangedFile, side: str) -> Finding:
    test_id, line = str(getattr(issue, "test_id", "")), int(getattr(issue, "lineno", 0))
    lines = file.lines_before if side == "before" else file.lines_after
    source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    words = str(getattr(issue, "test", "")).replace("_", " ") if test_id in _SPEAKS_SECRETS else ""
    message = words or str(getattr(issue, "text", "")).split("\n")[0]
    return Finding(
        key=f"{test_id} {file.path} {source}",
        message=f"{test_id} {message}",
        path=file.path,
        line=line,
        risk=_SEVERITY.get(str(getattr(issue, "severity", "")), _WORST)
        * _CONFIDENCE.get(str(getattr(issue, "confidence", "")), 1.0),
    )

"""Refuse a change to paths that only people may change, by whatever name or link it gets there."""

import posixpath
import re
import unicodedata
from collections.abc import Iterable

from processor.gate.built_in.inspection import Inspection
from processor.gate.changed_file import LINK_MODE, SUBMODULE_MODE, ChangedFile
from processor.gate.plain_text import counted
from processor.gate.verdict import Verdict, all_or_nothing
from processor.model import Finding


def check(inspection: Inspection) -> Verdict:
    """Look at old and new names, symbolic links and submodules; a file made executable is only mentioned."""
    named = {name for file in inspection.files for name in (file.old_path, file.new_path) if name}
    patterns = inspection.protected_paths
    findings = [
        Finding(key=path, message=f"{path} is protected by {pattern!r} in protected_paths", path=path)
        for path in sorted(named | set(inspection.change.files))
        if (pattern := protecting_pattern(path, patterns)) is not None
    ]
    findings += [finding for file in inspection.files for finding in _special(file, patterns)]
    executable = sum(file.new_mode == "100755" != file.old_mode for file in inspection.files)
    note = f"; {counted(executable, 'file')} made executable" if executable else ""
    return all_or_nothing(tuple(findings), summary_when_passed=f"no protected path is touched{note}")


def protecting_pattern(path: str, patterns: Iterable[str]) -> str | None:
    """Give the first pattern that protects a path, None when none does.

    Letter case is ignored, since it is on some file systems. `*` and `?` stop at a slash, `**` does not. A pattern
    protects what lies below it too, and the folder itself against becoming a file or a link.
    """
    if ".git" in _folded(path).split("/"):
        return ".git"
    return next((pattern for pattern in patterns if _expression(pattern).fullmatch(_folded(path))), None)


def _special(file: ChangedFile, patterns: tuple[str, ...]) -> Iterable[Finding]:
    path = file.path
    if SUBMODULE_MODE in {file.old_mode, file.new_mode}:
        yield Finding(key=f"submodule {path}", message=f"{path} is a submodule; a person must change it", path=path)
    if file.new_mode not in {LINK_MODE, SUBMODULE_MODE}:
        return
    if any(_folded(pattern).startswith(f"{_folded(path)}/") for pattern in patterns):
        yield Finding(key=f"cover {path}", message=f"{path} would stand in for a protected folder", path=path)
    if file.new_mode == LINK_MODE:
        yield from _link(file, patterns)


def _link(file: ChangedFile, patterns: tuple[str, ...]) -> Iterable[Finding]:
    path = file.path
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file.link_target))
    if target.startswith(("/", "..")):
        yield Finding(key=f"link {path}", message=f"{path} is a link that leaves the repository", path=path)
    elif protecting_pattern(target, patterns) is not None:
        yield Finding(key=f"link {path}", message=f"{path} is a link to the protected {target}", path=path)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", path).casefold()


def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*|\?)", _folded(pattern).strip("/"))
    wild = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(wild.get(part, re.escape(part)) for part in parts) + "(?:/.*)?", re.DOTALL)

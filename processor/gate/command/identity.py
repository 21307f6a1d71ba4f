"""Identify a check across runs, so that a changed argv, setting or program is asked anew."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from processor.processes import find_program
from processor.settings.sections import CommandCheck

_KEY_FORM = 1  #: raise it when keys of findings are written differently


def identify(check: CommandCheck, argv: Sequence[str], environment: Mapping[str, str], worktree: Path) -> str:
    """Name a check with a hash of all that its findings depend on, beside the commit."""
    program = find_program(argv[0], environment, worktree)
    parts = [_KEY_FORM, list(argv), check.findings, _program_version(program, worktree)]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f"{check.name}:{digest[:24]}"


def _program_version(program: str | None, worktree: Path) -> list[str | int]:
    if program is None or Path(program).is_relative_to(worktree):
        return []  # one that belongs to the commit is known by the commit
    real = os.path.realpath(program)
    status = Path(real).stat()
    return [real, status.st_size, status.st_mtime_ns]

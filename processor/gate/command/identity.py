"""Identify a check across runs, so that a changed argv, setting or program is asked anew."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from processor.processes import find_program
from processor.settings.sections import CommandCheck

_KEY_FORM = 1  #: raise it when keys of findings are written differently


def identify(
    check: CommandCheck,
    argv: Sequence[str],
    environment: Mapping[str, str],
    worktree: Path,
    *,
    fencing: tuple[str, bool],
    day: date,
) -> str:
    """Name a check with a hash of all that its findings depend on, beside the commit.

    Args:
        fencing: the sandbox's mode, and whether the network is open.
        day: what else this host has installed cannot be seen, so nothing is believed for longer than a day. A base
            commit that failed only because a library was missing would hide new failures for ever.
    """
    program = find_program(argv[0], environment, worktree)
    parts = [
        _KEY_FORM,
        list(argv),
        check.findings,
        _program_version(program, worktree),
        sorted(environment),
        fencing,
        day.isoformat(),
    ]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f"{check.name}:{digest[:24]}"


def _program_version(program: str | None, worktree: Path) -> list[str | int]:
    if program is None or Path(program).is_relative_to(worktree):
        return []  # one that belongs to the commit is known by the commit
    real = os.path.realpath(program)
    status = Path(real).stat()
    return [real, status.st_size, status.st_mtime_ns]

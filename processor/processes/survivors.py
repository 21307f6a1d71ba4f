"""Find living processes by group, by a mark in their environment, and by descent."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import psutil


def in_group(group: int) -> list[psutil.Process]:
    """Find the living members of a process group."""
    return _living(pid for pid in psutil.pids() if _is_member(pid, group))


def marked_with(marker: str) -> list[psutil.Process]:
    """Find living processes whose environment at their start held exactly `NAME=VALUE`; never us or our ancestors."""
    entry = os.fsencode(marker)
    spared = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    return _living(pid for pid in psutil.pids() if pid not in spared and entry in _environment(pid))


def with_descendants(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Add all living descendants, whatever group they moved to."""
    found: dict[int, psutil.Process] = {}
    for process in processes:
        found.setdefault(process.pid, process)
        with contextlib.suppress(psutil.Error):
            for descendant in process.children(recursive=True):
                found.setdefault(descendant.pid, descendant)
    found.pop(os.getpid(), None)
    return [process for process in found.values() if _is_living(process)]


def _living(pids: Iterable[int]) -> list[psutil.Process]:
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if _is_living(process):
                found.append(process)
    return found


def _is_living(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _is_member(pid: int, group: int) -> bool:
    try:
        return os.getpgid(pid) == group
    except (ProcessLookupError, PermissionError):
        return False


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # ended meanwhile, or another user's: then it is none of ours
        return []

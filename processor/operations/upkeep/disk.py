"""Make room on the disk of this host: delete what runs that are over left, compress old logs."""

import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from processor.errors import ResourceError
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.operations.upkeep.compression import compress
from processor.operations.upkeep.doomed import Doomed, entries, find_doomed
from processor.operations.upkeep.report import Reading, Subject, Upkeep, counted
from processor.settings.sections import MainFile
from processor.workspace import drop_mirror, has_mirror, list_scratch, list_worktree_runs, remove_worktrees
from processor.workspace.removal import delete

_DAY_SECONDS = 86_400.0
_T = TypeVar("_T")
_R = TypeVar("_R")


def keep_disk(ledger: Ledger, main: MainFile, *, dry_run: bool) -> Upkeep:
    """Do it, or say what would be done.

    Raises:
        ResourceError: something could not be written or deleted; all the rest is done.
    """
    found = _find(ledger, main)
    before = shutil.disk_usage(_existing(main.state.directory)).free
    done = _wanted(found) if dry_run else _apply(found, main.state.directory, ledger)
    after = None if dry_run else shutil.disk_usage(_existing(main.state.directory)).free
    return Upkeep(
        subject=Subject.DISK,
        is_dry_run=dry_run,
        did=_sentences(done, is_dry_run=dry_run),
        readings=(Reading(name="free on the disk of state", unit="bytes", before=before, after=after),),
    )


@dataclass(frozen=True)
class _Found:
    """What is old enough: files and folders, runs with worktrees, repositories with mirrors."""

    doomed: Doomed
    scratch: tuple[Path, ...]
    worktrees: tuple[str, ...]
    mirrors: tuple[str, ...]


def _find(ledger: Ledger, main: MainFile) -> _Found:
    now, state = time.time(), main.state.directory
    with_worktrees = list_worktree_runs(state)
    at_hand = {path.name for path in entries(main.logs.directory / "runs")} | {*with_worktrees}
    with ledger.read() as db:
        ended = queries.ended_at(db, at_hand)
        idle = queries.idle_repositories(db, now - main.upkeep.cache_days * _DAY_SECONDS)
    limit = main.upkeep.temporary_days * _DAY_SECONDS
    return _Found(
        doomed=find_doomed(main, ended, now),
        scratch=list_scratch(state, limit),
        worktrees=tuple(name for name in with_worktrees if now - ended.get(name, now) > limit),
        mirrors=tuple(name for name in idle if has_mirror(state, name)),
    )


@dataclass(frozen=True, kw_only=True)
class _Done:
    """How many of each were deleted or compressed; `saved` is in bytes."""

    outputs: int
    temporary: int
    mirrors: int
    logs: int
    saved: int = 0


def _wanted(found: _Found) -> _Done:
    doomed = found.doomed
    return _Done(
        outputs=len(doomed.run_folders),
        temporary=len(doomed.temporary) + len(found.worktrees) + len(found.scratch),
        mirrors=len(found.mirrors),
        logs=len(doomed.logs),
    )


def _apply(found: _Found, state: Path, ledger: Ledger) -> _Done:
    """Delete first, which may make the room that compressing needs; go on after a failure.

    Raises:
        ResourceError: with what stood in the way.
    """

    def is_idle(repository: str) -> bool:
        with ledger.read() as db:
            return not queries.is_worked_on(db, repository)

    failures: list[str] = []
    doomed = found.doomed
    temporary = [
        *_each(doomed.temporary, delete, failures),
        *_each(found.scratch, delete, failures),
        *_each(found.worktrees, lambda run_id: remove_worktrees(state, [run_id]), failures),
    ]
    outputs = _each(doomed.run_folders, delete, failures)
    mirrors = _each(found.mirrors, lambda name: drop_mirror(state, name, lambda: is_idle(name)), failures)
    saved = [one for one in _each(doomed.logs, compress, failures) if one is not None]
    if failures:
        more = f", and {len(failures) - 1} more" if len(failures) > 1 else ""
        raise ResourceError(
            f"{failures[0]}{more}; the rest is done; free space, or make the folder writable for this user"
        )
    return _Done(
        outputs=len(outputs), temporary=len(temporary), mirrors=sum(mirrors), logs=len(saved), saved=sum(saved)
    )


def _each(things: Iterable[_T], act: Callable[[_T], _R], failures: list[str]) -> list[_R]:
    results = []
    for thing in things:
        try:
            results.append(act(thing))
        except OSError as exc:
            failures.append(f"{exc.filename or thing} cannot be compressed or deleted ({exc.strerror})")
    return results


def _sentences(done: _Done, *, is_dry_run: bool) -> tuple[str, ...]:
    # What is random already only grows by it.
    compressed = f"compressed, {done.saved} bytes saved" if done.saved > 0 else "compressed"
    return (
        *counted(done.outputs, "old output folder", "deleted", is_dry_run=is_dry_run),
        *counted(done.temporary, "temporary folder", "deleted", is_dry_run=is_dry_run),
        *counted(done.mirrors, "idle mirror", "deleted, to be fetched again when needed", is_dry_run=is_dry_run),
        *counted(done.logs, "old log", compressed, is_dry_run=is_dry_run),
    )


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder

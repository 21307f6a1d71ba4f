"""Make room on the disk of this host: compress old logs, delete what runs that are over left."""

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from processor.errors import ResourceError
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.operations.upkeep.compression import compress
from processor.operations.upkeep.doomed import Doomed, entries, find_doomed
from processor.operations.upkeep.report import Reading, Subject, Upkeep
from processor.settings.sections import MainFile
from processor.workspace import drop_mirror, list_worktree_runs, remove_worktrees, sweep_scratch
from processor.workspace.removal import delete

_DAY_SECONDS = 86_400.0


def keep_disk(ledger: Ledger, main: MainFile, *, dry_run: bool) -> Upkeep:
    """Do it, or say what would be done.

    Raises:
        ResourceError: a file cannot be written; what was done before stays done.
    """
    now = time.time()
    at_hand = {path.name for path in entries(main.logs.directory / "runs")} | {
        *list_worktree_runs(main.state.directory)
    }
    with ledger.read() as db:
        ended = queries.ended_at(db, at_hand)
        idle = queries.idle_repositories(db, now - main.upkeep.cache_days * _DAY_SECONDS)
    doomed = find_doomed(main, ended, now)
    limit = main.upkeep.temporary_days * _DAY_SECONDS
    worktrees = tuple(name for name in list_worktree_runs(main.state.directory) if now - ended.get(name, now) > limit)
    before = shutil.disk_usage(_existing(main.state.directory)).free
    saved, dropped, swept = 0, idle, 0
    if not dry_run:
        with _told():
            saved = _apply(doomed)
            remove_worktrees(main.state.directory, worktrees)
            swept = sweep_scratch(main.state.directory)
            dropped = tuple(name for name in idle if drop_mirror(main.state.directory, name))
    return Upkeep(
        subject=Subject.DISK,
        is_dry_run=dry_run,
        did=_sentences(doomed, worktrees, dropped, saved=saved, swept=swept),
        readings=(
            Reading(
                name="free on the disk of state",
                unit="bytes",
                before=before,
                after=None if dry_run else shutil.disk_usage(_existing(main.state.directory)).free,
            ),
        ),
    )


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Say which file stood in the way."""
    try:
        yield
    except OSError as exc:
        raise ResourceError(
            f"{exc.filename} cannot be compressed or deleted ({exc.strerror}); make its folder writable for this user"
        ) from exc


def _apply(doomed: Doomed) -> int:
    saved = sum(compress(path) for path in doomed.logs)
    for path in (*doomed.temporary, *doomed.run_folders):
        delete(path)
    return saved


def _sentences(
    doomed: Doomed, worktrees: tuple[str, ...], mirrors: tuple[str, ...], *, saved: int, swept: int
) -> tuple[str, ...]:
    counted = (
        (len(doomed.logs), f"old logs compressed, {saved} bytes saved"),
        (len(doomed.run_folders), "folders with the output of old runs deleted"),
        (len(doomed.temporary) + len(worktrees) + swept, "temporary folders deleted"),
        (len(mirrors), "mirrors of idle repositories deleted, to be fetched again when needed"),
    )
    return tuple(f"{number} {what}" for number, what in counted if number)


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder

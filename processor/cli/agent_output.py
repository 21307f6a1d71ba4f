"""Print what a run's agent wrote, so that it cannot steer the terminal, and go on while it writes."""

import codecs
import gzip
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from processor.cli import screen
from processor.errors import ProcessorError
from processor.ledger import runs
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord
from processor.model import RunState

_FILES = (("stdout", "agent.stdout"), ("stderr", "agent.stderr"))
_CHUNK_BYTES = 65_536
_INTERVAL_SECONDS = 0.3


def print_agent_output(ledger: Ledger, run: RunRecord, folder: Path, *, is_following: bool) -> None:
    """Print the agent's output, then what it said on stderr; with `is_following` stdout alone until the run ends.

    Raises:
        ProcessorError: there is no output on this host.
    """
    if is_following:
        _follow(folder / "agent.stdout", lambda: _has_ended(ledger, run.run_id))
        return
    found = [
        (stream, path) for stream, name in _FILES for path in (folder / name, folder / f"{name}.gz") if _is_plain(path)
    ]
    if not found:
        raise ProcessorError(
            f"run {run.run_id} of {run.executed_by or 'no host so far'} has no agent output in {folder.absolute()}; "
            f"where it ran here, no agent was started or upkeep deleted it: `aip logs {run.run_id}` tells its story"
        )
    for stream, path in found:
        if path.stat().st_size:
            screen.note(f"--- {stream} of the agent ({path}) ---")
            if path.suffix == ".gz":
                _print_packed(path)
            else:
                _follow(path, lambda: True)


def _follow(path: Path, is_over: Callable[[], bool]) -> None:
    """Print a file from its beginning; a retry, which starts a new file, is printed from its beginning too."""
    decode = codecs.getincrementaldecoder("utf-8")("replace")
    position = 0
    while True:
        is_last = is_over()
        size = path.stat().st_size if path.exists() else 0
        position = 0 if size < position else position
        position = _print_from(path, position, decode)
        if is_last:
            break
        time.sleep(_INTERVAL_SECONDS)
    sys.stdout.flush()


def _print_from(path: Path, position: int, decode: codecs.IncrementalDecoder) -> int:
    try:
        # Never through a link: the agent could point it at what the operator may read and it may not.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return position
    except OSError as exc:
        raise ProcessorError(f"{path} cannot be read ({exc.strerror}); look at it as the user of the service") from exc
    with os.fdopen(descriptor, "rb") as file:
        file.seek(position)
        while chunk := file.read(_CHUNK_BYTES):
            sys.stdout.write(screen.neutral(decode.decode(chunk), keep="\n\t"))
        sys.stdout.flush()
        return file.tell()


def _print_packed(path: Path) -> None:
    """Print what upkeep compressed after the run."""
    decode = codecs.getincrementaldecoder("utf-8")("replace")
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                sys.stdout.write(screen.neutral(decode.decode(chunk), keep="\n\t"))
    except (OSError, EOFError) as exc:
        raise ProcessorError(f"{path} cannot be read ({exc}); look at it as the user of the service") from exc
    sys.stdout.flush()


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _has_ended(ledger: Ledger, run_id: str) -> bool:
    with ledger.read() as db:
        return runs.get(db, run_id).state is RunState.FINISHED

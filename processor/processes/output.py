"""The files a program reads and writes: made for one pair of eyes, measured, and cut at a limit."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class Streams:
    """Open files of a program; no `stdin` is /dev/null, no `stderr` joins `stdout`."""

    stdin: BinaryIO | None
    stdout: BinaryIO
    stderr: BinaryIO | None


@contextlib.contextmanager
def open_streams(stdin: Path | None, stdout: Path, stderr: Path | None) -> Iterator[Streams]:
    """Open the files of a program; output is appended."""
    with contextlib.ExitStack() as files:
        yield Streams(
            files.enter_context(stdin.open("rb")) if stdin else None,
            files.enter_context(_open_output(stdout)),
            files.enter_context(_open_output(stderr)) if stderr else None,
        )


def _open_output(path: Path) -> BinaryIO:
    # What an agent prints is for the operator's eyes: no other user reads it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "ab", buffering=0)


class Output:
    """Measures and cuts what one program adds to its files; by descriptor, for it may rename them."""

    def __init__(self, streams: Streams, max_bytes: int) -> None:
        descriptors = [file.fileno() for file in (streams.stdout, streams.stderr) if file is not None]
        self._sizes_before = [(descriptor, os.fstat(descriptor).st_size) for descriptor in descriptors]
        self._max_bytes = max_bytes

    def is_too_much(self) -> bool:
        """Tell whether the program has added more than its limit to all files together."""
        added = sum(os.fstat(descriptor).st_size - before for descriptor, before in self._sizes_before)
        return added > self._max_bytes

    def cut(self) -> None:
        """Cut what each file holds beyond the limit."""
        for descriptor, before in self._sizes_before:
            if os.fstat(descriptor).st_size > before + self._max_bytes:
                os.ftruncate(descriptor, before + self._max_bytes)

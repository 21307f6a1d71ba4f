"""Standard output and error as they may be: closed before we start, full, of another encoding, or read no further."""

import errno
import io
import os
import sys
from pathlib import Path
from typing import TextIO

_REFUSED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


def prepare() -> None:
    """Never fail on a character, nor because a stream was closed before we started, as by `>&-`."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    sys.stdout = _whole(sys.stdout)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def give_up_output() -> None:
    """Drop what is left of the answer; Python would fail on it once more at its own end."""
    sys.stdout = _nowhere()


def complaint_about(error: OSError) -> str | None:
    """Say which file, or that the output, was refused by the system; None for anything else: a fault of ours."""
    if error.filename is not None:
        return f"{error.filename} cannot be used: {error.strerror}; let this user read and write there, or make room"
    if error.errno in _REFUSED:
        return f"the output cannot be written: {error.strerror}; what was asked for may be done all the same"
    return None


def _whole(stream: TextIO) -> TextIO:
    """Put a buffer before a file that has none, as with PYTHONUNBUFFERED.

    Without one Python drops what a disk that fills up in the middle did not take, and does not tell.
    """
    is_ours = stream is sys.__stdout__  # another one was put there by whoever called us, and is not taken apart
    if not is_ours or not isinstance(stream, io.TextIOWrapper) or not isinstance(stream.buffer, io.RawIOBase):
        return stream
    # The stream is left as it is: who asks sys.__stdout__ how large the terminal is, as `aip top` does, gets an answer.
    same = io.FileIO(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(same), encoding=stream.encoding, line_buffering=True)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")

"""Run a program on a terminal of its own, and read what a person would see there for as long as it runs."""

import errno
import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

#: The streams of a program that may be the terminal.
STDIN, STDOUT, STDERR = "stdin", "stdout", "stderr"


def on_terminal(
    argv: Sequence[str],
    *connected: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    size: tuple[int, int] = (24, 80),
) -> tuple[bytes, str]:
    """Run a program to its good end; give what its standard output brought, and what the terminal showed.

    Whoever writes to a terminal that nobody reads is held up after 4 KiB: that is little for a busy machine, on which
    what turns to show that work goes on turns for long.

    Args:
        connected: which of the standard streams are the terminal; an output that is not is a pipe.
        size: lines and columns.

    Raises:
        subprocess.SubprocessError: it failed, or ran for more than a minute.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    streams = {STDOUT: subprocess.PIPE, **dict.fromkeys(connected, theirs)}
    with ThreadPoolExecutor(1) as reading:
        shown = reading.submit(_read_to_the_end, ours)
        try:
            done = subprocess.run(argv, cwd=cwd, env=env, timeout=60, check=True, **streams)  # type: ignore[call-overload]
        finally:
            os.close(theirs)  # the last one that holds it: the reader comes to its end
    os.close(ours)
    return done.stdout or b"", shown.result().decode()


def _read_to_the_end(terminal: int) -> bytes:
    read = b""
    while True:
        try:
            read += os.read(terminal, 65536)
        except OSError as exc:
            if exc.errno != errno.EIO:  # which is how Linux says that nobody holds the other side any more
                raise
            return read

"""Run `aip run` as a process of its own, exactly as an operator would, and end it for certain."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from processor.demo.folder import DemoFolder
from processor.demo.settings_folder import DRAIN_SECONDS
from processor.errors import ProcessorError

#: What the service sees of our environment: no token, no setting of the user's own, no proxy between it and loopback.
_SEEN = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TERM")
_AT_ONCE_SECONDS = 10.0
_LINES_SHOWN = 2
_REMEDY = "run the demo again with --keep DIR and read DIR/logs"


@contextmanager
def running_service(folder: DemoFolder, environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the service on the folder's settings; however the block is left, the service is gone afterwards."""
    folder.logs.mkdir(exist_ok=True)
    argv = [*_drain_with_us(), sys.executable, "-m", "processor", "--config-dir", str(folder.configs), "run"]
    with output_file(folder).open("ab") as output, error_file(folder).open("ab") as errors:
        service = subprocess.Popen(
            argv,
            cwd=folder.root,
            env={name: environ[name] for name in _SEEN if name in environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,  # Ctrl-C reaches us alone; we end it in order
        )
    try:
        yield service
    finally:
        _end(service)


def _drain_with_us() -> list[str]:
    """Send the service SIGTERM even if we are killed and cannot."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def output_file(folder: DemoFolder) -> Path:
    """Give the file with the service's log, a JSON object a line."""
    return folder.logs / "service.jsonl"


def error_file(folder: DemoFolder) -> Path:
    """Give the file with what the service wrote on standard error."""
    return folder.logs / "service.stderr"


def raise_if_gone(service: subprocess.Popen[bytes], folder: DemoFolder) -> None:
    """Say why the service ended, when it did so by itself.

    Raises:
        ProcessorError: it is gone; the message has its last words.
    """
    code = service.poll()
    if code is not None:
        raise ProcessorError(f"the service ended by itself with exit code {code}{_last_words(folder)}; {_REMEDY}")


def drain(service: subprocess.Popen[bytes], folder: DemoFolder) -> str | None:
    """Ask the service to end, as an operator does; a sentence when it did not do so properly."""
    service.send_signal(signal.SIGTERM)
    limit = DRAIN_SECONDS + _AT_ONCE_SECONDS
    try:
        code = service.wait(limit)
    except subprocess.TimeoutExpired:
        return f"the service had not ended {limit:g} s after SIGTERM{_last_words(folder)}; {_REMEDY}"
    return f"the service ended with exit code {code} after SIGTERM{_last_words(folder)}; {_REMEDY}" if code else None


def _end(service: subprocess.Popen[bytes]) -> None:
    """End it now: two SIGTERM make it leave at once and end its agents; what is left is killed."""
    for _ in range(2):
        if service.poll() is None:
            service.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.wait(_AT_ONCE_SECONDS / 10)
    try:
        service.wait(_AT_ONCE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(service.pid, signal.SIGKILL)
        service.wait()


def _last_words(folder: DemoFolder) -> str:
    """Quote the end of what it wrote: the error when there is one, else the last event."""
    for path in (error_file(folder), output_file(folder)):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        said = " ".join(line.strip() for line in lines[-_LINES_SHOWN:] if line.strip())
        if said:
            return f", its last words: {said}"
    return ""

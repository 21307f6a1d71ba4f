"""Start a private Prometheus or Alertmanager on loopback, wait until it is ready, and end it for certain."""

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from processor.alerting.ports import kept_port
from processor.errors import ResourceError
from processor.processes.ending import end_program

_READY_SECONDS = 30.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Server:
    """A server that runs and is ready."""

    name: str
    url: str  #: `http://127.0.0.1:PORT`, without a slash at the end
    process: subprocess.Popen[bytes]
    log: Path  #: what it wrote, for the reader of a failure


@contextlib.contextmanager
def running_prometheus(
    program: Path, folder: Path, config: Path, *, port: int | None = None, options: Sequence[str] = ()
) -> Iterator[Server]:
    """Run Prometheus on a configuration; its data stays in `folder`, so that a second run goes on with it.

    Args:
        port: the one to listen on; a free one when None.
        options: further ones of its command line, such as `--web.user-assets=DIR`.

    Raises:
        ResourceError: it ended, or was not ready within 30 s; the message has its last words.
    """
    argv = [
        str(program),
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        "--enable-feature=created-timestamp-zero-ingestion,exemplar-storage",
        *options,
    ]
    with _running("prometheus", argv, folder, port) as server:
        yield server


@contextlib.contextmanager
def running_alertmanager(
    program: Path, folder: Path, config: Path, *, port: int | None = None, options: Sequence[str] = ()
) -> Iterator[Server]:
    """Run Alertmanager on a configuration, alone: it looks for no cluster.

    Args:
        port: the one to listen on; a free one when None.
        options: further ones of its command line.

    Raises:
        ResourceError: it ended, or was not ready within 30 s; the message has its last words.
    """
    argv = [
        str(program),
        f"--config.file={config}",
        f"--storage.path={folder / 'alertmanager'}",
        "--cluster.listen-address=",
        *options,
    ]
    with _running("alertmanager", argv, folder, port) as server:
        yield server


@contextlib.contextmanager
def _running(name: str, argv: Sequence[str], folder: Path, port: int | None) -> Iterator[Server]:
    folder.mkdir(parents=True, exist_ok=True)
    with kept_port() if port is None else contextlib.nullcontext(port) as chosen:
        server = _start(name, argv, folder / f"{name}.log", chosen)
        try:
            _wait_until_ready(server)
            yield server
        finally:
            end_program(server.process, None)


def _start(name: str, argv: Sequence[str], log: Path, port: int) -> Server:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*_die_with_us(), *argv, f"--web.listen-address=127.0.0.1:{port}"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # so that it can be ended with all that it started, and Ctrl-C reaches us alone
        )
    return Server(name, f"http://127.0.0.1:{port}", process, log)


def _die_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _is_ready(server.url):
        if server.process.poll() is not None:
            raise ResourceError(f"{server.name} ended with exit code {server.process.returncode}: {last_words(server)}")
        if time.monotonic() > deadline:
            raise ResourceError(f"{server.name} was not ready after {_READY_SECONDS:g} s: {last_words(server)}")
        time.sleep(_POLL_SECONDS)


def _is_ready(url: str) -> bool:
    with contextlib.suppress(requests.RequestException), requests.Session() as session:
        session.trust_env = False  # a proxy of the user's must not come between us and loopback
        return session.get(f"{url}/-/ready", timeout=5).ok
    return False


def last_words(server: Server) -> str:
    """Quote the last complaint of a server, or the last line when it made none."""
    lines = server.log.read_text(encoding="utf-8", errors="replace").splitlines() or ["it said nothing"]
    complaints = [line for line in lines if "level=ERROR" in line]
    return (complaints or lines)[-1]

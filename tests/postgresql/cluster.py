"""A real PostgreSQL server in a temporary folder, for as long as a test session."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.ports import own_port

FIND = Path(__file__).parents[2] / "scripts" / "find-postgresql"
PASSWORD = "correct-horse-battery"
#: Durability against a power cut is not what these tests are about; what was committed must outlive a crashed server.
_FAST = ("fsync=off", "full_page_writes=off", "max_connections=200")


@dataclass
class Cluster:
    """A server that listens on a socket in its folder and on a port of 127.0.0.1."""

    binaries: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def make(self) -> None:
        """Initialise the data folder; over TCP a password is needed."""
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        _hand_over(self.folder)
        _run(
            [
                str(self.binaries / "initdb"),
                f"--pgdata={self.folder / 'data'}",
                "--username=aip",
                f"--pwfile={secret}",
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ]
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1", f"port={self.port}"]
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data")]
        for setting in (*settings, *_FAST):
            command += ["-c", setting]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(_unprivileged(command), stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while True:
            try:
                self.admin("SELECT 1")
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "server.log").read_text()
                threading.Event().wait(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server by its process id: SIGINT ends sessions first, SIGQUIT is a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def admin(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as the owner, and give its rows."""
        with psycopg.connect(
            host=str(self.folder), port=self.port, user="aip", dbname=database, autocommit=True, connect_timeout=5
        ) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def url(self, database: str) -> str:
        """Tell the address as an operator writes it: without the password."""
        return f"postgresql://aip@127.0.0.1:{self.port}/{database}"


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Make, start and in the end remove a cluster."""
    binaries = Path(subprocess.run([FIND], capture_output=True, text=True, check=True).stdout.strip())
    folder = Path(tempfile.mkdtemp(prefix="aip-postgresql-", dir="/tmp"))  # short enough for a socket's path
    cluster = Cluster(binaries, folder, own_port())
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        cluster.stop(signal.SIGQUIT)
        shutil.rmtree(folder)


def _unprivileged(command: Sequence[str]) -> list[str]:
    # PostgreSQL refuses to run as root.
    if os.getuid() != 0:
        return list(command)
    user = _user()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--", *command]


def _user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _hand_over(folder: Path) -> None:
    if os.getuid() == 0:
        user = _user()
        for path in (folder, *folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(_unprivileged(command), capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr

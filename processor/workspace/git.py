"""Run git, always in the same clean surroundings: no settings of the user's, no hooks, no prompt, bounded in time."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from processor.errors import GitError, NetworkError, RunCancelled, WorkspaceError
from processor.model import GitAccess
from processor.workspace.failures import failure, mask
from processor.workspace.lock import STOPPED
from processor.workspace.seal import seal

LOCAL_TIMEOUT_SECONDS = 120.0
_STOP_POLL_SECONDS = 0.5

_FIXED_ENVIRONMENT = {
    # A home folder that cannot exist: curl would read .netrc there, and git its attributes and ignore files.
    "HOME": "/dev/null",
    "LC_ALL": "C",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
}
_FIXED_OPTIONS = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "core.excludesFile=/dev/null"),
    *("-c", "credential.helper="),
    *("-c", "protocol.allow=never"),
)


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What a git command left; `stderr` is text with its credentials masked."""

    exit_code: int
    stdout: bytes
    stderr: str


@dataclass(frozen=True, kw_only=True)
class View:
    """Which files, index and object store a local command works on; the mirror's own where None."""

    worktree: Path | None = None
    index: Path | None = None
    new_objects: Path | None = None  #: where new objects go, so that what is only looked at leaves nothing behind
    environment: Mapping[str, str] = field(default_factory=dict)


MIRROR_ITSELF = View()


@dataclass(frozen=True, kw_only=True)
class GitDirectory:
    """One bare repository of ours and the server it mirrors. It is sealed again before every command."""

    path: Path
    repository: str
    url: str
    access: Callable[[], GitAccess] = field(repr=False)
    remote_timeout_seconds: float
    should_stop: Callable[[], bool] = field(default=lambda: False, repr=False)  #: asked while the server is talked to

    def run(
        self,
        *arguments: str,
        view: View = MIRROR_ITSELF,
        stdin: bytes = b"",
        stdout: IO[bytes] | None = None,
        timeout_seconds: float = LOCAL_TIMEOUT_SECONDS,
    ) -> bytes:
        """Run a command that stays on this machine and give what it printed.

        Raises:
            GitError, ResourceError: it failed or took too long.
        """
        environment = {"GIT_DIR": str(self.path), **_view_environment(self.path, view), **view.environment}
        directory = view.worktree or self.path
        self._seal()
        try:
            done = execute(arguments, environment, directory, timeout_seconds, stdin=stdin, stdout=stdout)
        except subprocess.TimeoutExpired as exc:
            raise GitError(self._late(arguments[0], exc.timeout)) from exc
        if done.exit_code != 0:
            raise failure(arguments[0], self.repository, done.exit_code, done.stderr, is_remote=False)
        return done.stdout

    def call(self, *arguments: str, held_lock: int | None = None) -> Completed:
        """Run a command that talks to the server; the caller looks at the exit code.

        Args:
            held_lock: descriptor that git inherits, so that the lock outlives us if git does.

        Raises:
            NetworkError: it took longer than `remote_timeout_seconds`.
            RunCancelled: `should_stop` said so; a push may have taken effect.
        """
        access = self.access().environment
        environment = {"GIT_DIR": str(self.path), **access}
        secrets = [value for key, value in access.items() if key.startswith("GIT_CONFIG_VALUE_")]
        options = ("-c", f"protocol.{_protocol(self.url)}.allow=always")
        inherited = () if held_lock is None else (held_lock,)
        limit = self.remote_timeout_seconds
        self._seal()
        try:
            done = execute(
                (*options, *arguments),
                environment,
                self.path,
                limit,
                inherited=inherited,
                should_stop=self.should_stop,
            )
        except subprocess.TimeoutExpired as exc:
            raise NetworkError(self._late(arguments[0], exc.timeout)) from exc
        return Completed(exit_code=done.exit_code, stdout=done.stdout, stderr=mask(done.stderr, secrets))

    def run_remote(self, *arguments: str, held_lock: int | None = None) -> bytes:
        """Run a command that talks to the server and give what it printed.

        Raises:
            GitError, NetworkError, GitHubAuthError, GitHubNotFound: as what it printed tells.
        """
        done = self.call(*arguments, held_lock=held_lock)
        if done.exit_code != 0:
            raise failure(arguments[0], self.repository, done.exit_code, done.stderr, is_remote=True)
        return done.stdout

    def _seal(self) -> None:
        try:
            seal(self.path)
        except FileNotFoundError as exc:
            raise WorkspaceError(f"mirror of {self.repository} is gone: {exc}; the next try makes it anew") from exc

    def _late(self, command: str, seconds: float) -> str:
        return (
            f"git {command} for {self.repository} ran past its limit of {seconds:g} s and was killed; "
            "check the disk and the connection"
        )


def execute(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    directory: Path,
    timeout_seconds: float,
    *,
    stdin: bytes = b"",
    stdout: IO[bytes] | None = None,
    inherited: Sequence[int] = (),
    should_stop: Callable[[], bool] = lambda: False,
) -> Completed:
    """Run git once, in its own process group; nothing of our own environment reaches it.

    Raises:
        WorkspaceError: git is not installed.
        subprocess.TimeoutExpired: it was killed with all its children.
        RunCancelled: so it was because `should_stop` said so.
    """
    program = shutil.which("git")
    if program is None:
        raise WorkspaceError("git is not installed; install it, such as by `apt-get install git`")
    path = os.pathsep.join((str(Path(program).parent), os.defpath))
    with (
        _file_of(stdin) as given,
        subprocess.Popen(
            [program, *_FIXED_OPTIONS, *arguments],
            cwd=directory,
            env={"PATH": path, **_FIXED_ENVIRONMENT, **environment},
            stdin=given,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pass_fds=inherited,
        ) as process,
    ):
        try:
            out, err = _communicate(process, timeout_seconds, should_stop)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return Completed(exit_code=process.returncode, stdout=out or b"", stderr=mask(err.decode(errors="replace")))


@contextlib.contextmanager
def _file_of(content: bytes) -> Iterator[IO[bytes]]:
    """Put what git reads into a file without a name: `communicate` fills a pipe in its first turn only."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file


def _communicate(
    process: subprocess.Popen[bytes], timeout_seconds: float, should_stop: Callable[[], bool]
) -> tuple[bytes, bytes]:
    deadline = time.monotonic() + timeout_seconds
    while True:
        left = deadline - time.monotonic()
        try:
            return process.communicate(timeout=max(0.0, min(_STOP_POLL_SECONDS, left)))
        except subprocess.TimeoutExpired as exc:
            if left <= _STOP_POLL_SECONDS:
                raise subprocess.TimeoutExpired(exc.cmd, timeout_seconds) from exc
            if should_stop():
                raise RunCancelled(STOPPED) from exc


def _view_environment(mirror: Path, view: View) -> dict[str, str]:
    environment = {}
    if view.worktree is not None:
        environment["GIT_WORK_TREE"] = str(view.worktree)
    if view.index is not None:
        environment["GIT_INDEX_FILE"] = str(view.index)
    if view.new_objects is not None:
        environment["GIT_OBJECT_DIRECTORY"] = str(view.new_objects)
        # Quoted, because an unquoted colon would end the path.
        environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = f'"{mirror / "objects"}"'
    return environment


def _protocol(url: str) -> str:
    return urlsplit(url).scheme or "file"

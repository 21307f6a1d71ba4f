"""In a sandbox a program writes, reads and reaches what it was given and nothing else."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from processor.processes import Ending, Sandbox, detect_sandbox
from tests.processes.conftest import Run


@pytest.fixture(autouse=True)
def _needs_bubblewrap() -> None:
    status = detect_sandbox("auto")
    if not status.is_active:
        pytest.skip(status.reason)


@pytest.fixture
def confined(run: Run, tmp_path: Path) -> Callable[..., str]:
    """Run source in a sandbox around the folder `work` and return what it printed."""
    work = tmp_path / "work"
    work.mkdir()

    def run_confined(source: str, **reach: object) -> str:
        reach = {"writable": (work,), "readable": (tmp_path / "program.py",)} | reach
        result = run(source, cwd=work, stdout=tmp_path / "out", sandbox=Sandbox(**reach))  # type: ignore[arg-type]
        text = (tmp_path / "out").read_text()
        assert result.exit_code == 0, text
        return text.strip()

    return run_confined


def attempt(action: str) -> str:
    return (
        f"try:\n    {action}\n    print('done')\nexcept OSError as error:\n    print(type(error).__name__, error.errno)"
    )


def test_worktree_can_be_written(confined: Callable[..., str], tmp_path: Path) -> None:
    assert confined(attempt("open('new', 'w').write('x')")) == "done"
    assert (tmp_path / "work/new").read_text() == "x"


@pytest.mark.parametrize("place", ["/etc/aip-test", "/usr/aip-test", "/aip-test", "/proc/sys/vm/nr_hugepages"])
def test_rest_of_the_system_cannot_be_written(confined: Callable[..., str], place: str) -> None:
    assert confined(attempt(f"open({place!r}, 'w').write('x')")).startswith(("OSError 30", "PermissionError"))
    assert not Path("/etc/aip-test").exists()


def test_hidden_folder_is_empty_and_hidden_file_cannot_be_read(confined: Callable[..., str], tmp_path: Path) -> None:
    state, token = tmp_path / "state", tmp_path / "work/token"
    state.mkdir()
    (state / "ledger.sqlite").write_text("secret")
    token.write_text("secret")
    hidden = (state, token)
    assert confined(attempt(f"open({str(state / 'ledger.sqlite')!r})"), hidden=hidden) == "FileNotFoundError 2"
    assert confined(attempt(f"open({str(token)!r})"), hidden=hidden).endswith("PermissionError 13")


def test_worktree_below_a_hidden_folder_is_shown(confined: Callable[..., str], tmp_path: Path) -> None:
    assert confined(attempt("open('new', 'w').write('x')"), hidden=(tmp_path,)) == "done"


def test_locked_file_of_the_worktree_cannot_be_changed_or_replaced(
    confined: Callable[..., str], tmp_path: Path
) -> None:
    pointer = tmp_path / "work/.git"
    pointer.write_text("gitdir: /somewhere")
    assert confined(attempt("open('.git', 'w').write('x')"), locked=(pointer,)).startswith("OSError 30")
    assert pointer.read_text() == "gitdir: /somewhere"


def test_temporary_folder_is_private_and_writable(confined: Callable[..., str], tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    source = f"import os; open('/tmp/aip-private', 'w').write('x'); print(os.path.exists({str(outside)!r}))"
    assert confined(source) == "False"
    assert not Path("/tmp/aip-private").exists()  # noqa: S108


@pytest.mark.parametrize(("network", "said"), [(False, "ConnectionRefusedError 111"), (True, "done")])
def test_network_is_reached_only_when_it_is_given(confined: Callable[..., str], network: bool, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        action = f"import socket; socket.create_connection({address!r}, timeout=60).close()"
        assert confined(attempt(action), network=network) == said


def test_other_processes_are_not_seen(confined: Callable[..., str]) -> None:
    visible = confined("import os; print(*(name for name in os.listdir('/proc') if name.isdigit()))").split()
    assert str(os.getpid()) not in visible
    assert len(visible) <= 3


def test_no_capability_is_left_even_for_root(confined: Callable[..., str]) -> None:
    source = "print([line.split()[1] for line in open('/proc/self/status') if line.startswith('CapEff')][0])"
    assert int(confined(source), 16) == 0


def test_daemon_that_emptied_its_environment_ends_with_its_sandbox(
    confined: Callable[..., str], tmp_path: Path
) -> None:
    source = f"""
        import os, time
        if os.fork() == 0:
            os.setsid()
            loop = ": {tmp_path}; while :; do echo x >> beat; sleep 0.05; done"
            os.execve("/bin/sh", ["sh", "-c", loop], {{"PATH": "/usr/bin:/bin"}})
        while not os.path.exists("beat"):
            time.sleep(0.01)
    """
    confined(source)
    assert (tmp_path / "work/beat").stat().st_size > 0
    left = [words for words in command_lines() if any(word.startswith(f": {tmp_path};") for word in words)]
    assert left == []


def command_lines() -> Iterator[list[str]]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            yield process.cmdline()


def test_time_limit_ends_everything_in_the_sandbox(run: Run, tmp_path: Path) -> None:
    source = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    sandbox = Sandbox(readable=(tmp_path / "program.py",))
    result = run(source, timeout_seconds=0.5, sandbox=sandbox)
    assert result.ending is Ending.TIMED_OUT
    assert result.duration_seconds < 30


def test_exit_code_comes_through(run: Run, tmp_path: Path) -> None:
    result = run("import sys; sys.exit(7)", sandbox=Sandbox(readable=(tmp_path / "program.py",)))
    assert result.exit_code == 7


def test_switched_off_sandbox_says_what_that_means() -> None:
    status = detect_sandbox("off")
    assert not status.is_active
    assert status.reason == "switched off; agents and checks can read and write whatever this user can"
    assert status.remedy == "set security.sandbox to auto"


WITHOUT = """
import os, sys
from pathlib import Path
from processor.processes import Sandbox, detect_sandbox, run_process
os.environ["PATH"] = "/nowhere"
print(detect_sandbox("auto").reason)
try:
    done = run_process(["/bin/true"], cwd=Path("."), environment={}, timeout_seconds=9, stdout=Path("out"),
        sandbox=Sandbox(mode=sys.argv[1]))
    print(done.exit_code)
except Exception as error:
    print(f"{type(error).__name__}: {error}")
"""


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("auto", "0"),
        (
            "bubblewrap",
            (
                "ResourceError: security.sandbox demands a sandbox and there is none: bubblewrap is not installed;"
                " install it, such as by `apt-get install bubblewrap`"
            ),
        ),
    ],
)
def test_sandbox_that_is_demanded_is_never_left_out(tmp_path: Path, mode: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, mode], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["bubblewrap is not installed", said]

"""However a program ends, nothing that it started lives on, and nothing else is touched."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from processor.processes import Ending, end_leftovers, end_process_group
from tests.processes.conftest import GROWING_LIMITS, Run, is_alive

Alive = Callable[[Path], list[int]]
Wait = Callable[[Callable[[], bool]], None]

# Leftovers are looked for on the whole machine, where other tests run at the same time.
OURS = f"run-{secrets.token_hex(4)}-1"

STUBBORN = """
    import os, signal, sys, time
    def child(*, leaves: bool) -> None:
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if leaves:
                os.setsid()
            os.write(os.open("pids", os.O_WRONLY | os.O_CREAT | os.O_APPEND), f"{os.getpid()}\\n".encode())
            time.sleep(60)
    def wait_for(count: int) -> None:
        while not os.path.exists("pids") or len(open("pids").read().split()) < count:
            time.sleep(0.01)
"""


def run_past_its_limit(run: Run, program: str, pids: Path, *, count: int) -> Ending:
    """Run a program until its limit strikes after it started so many children, however slow this machine is."""
    for limit in GROWING_LIMITS:
        pids.unlink(missing_ok=True)
        result = run(program, timeout_seconds=limit)
        if pids.exists() and len(pids.read_text().split()) == count:
            return result.ending
    raise AssertionError(f"no {count} children within {limit:g} s")


def test_grandchildren_that_ignore_sigterm_end_with_the_time_limit(run: Run, tmp_path: Path, alive_pids: Alive) -> None:
    program = STUBBORN + "    child(leaves=False); child(leaves=False); time.sleep(600)"
    assert run_past_its_limit(run, program, tmp_path / "pids", count=2) is Ending.TIMED_OUT
    assert alive_pids(tmp_path / "pids") == []


def test_grandchildren_left_by_a_leader_that_exited_are_ended(run: Run, tmp_path: Path, alive_pids: Alive) -> None:
    result = run(STUBBORN + "    child(leaves=False); wait_for(1)")
    assert (result.ending, result.exit_code) == (Ending.EXITED, 0)
    assert alive_pids(tmp_path / "pids") == []


def test_grandchild_in_a_session_of_its_own_ends_with_the_time_limit(
    run: Run, tmp_path: Path, alive_pids: Alive
) -> None:
    run_past_its_limit(run, STUBBORN + "    child(leaves=True); time.sleep(600)", tmp_path / "pids", count=1)
    assert alive_pids(tmp_path / "pids") == []


def test_daemon_of_a_leader_that_exited_ends_when_the_run_is_marked(
    run: Run, tmp_path: Path, environment: dict[str, str], alive_pids: Alive
) -> None:
    run(STUBBORN + "    child(leaves=True); wait_for(1)", environment=environment | {"AIP_RUN_ID": OURS})
    assert alive_pids(tmp_path / "pids") == []


def test_two_programs_of_one_run_do_not_end_each_other(
    run: Run, tmp_path: Path, environment: dict[str, str], alive_pids: Alive, wait_until: Wait
) -> None:
    marked = environment | {"AIP_RUN_ID": OURS}
    with subprocess.Popen(["sleep", "60"], env=marked, start_new_session=True) as neighbour:
        (tmp_path / "pids").write_text(f"{neighbour.pid}")
        wait_until(lambda: is_marked(neighbour.pid, OURS))
        run("pass", environment=marked)
        assert alive_pids(tmp_path / "pids") == [neighbour.pid]
        neighbour.kill()


def test_orphans_that_we_inherit_leave_no_zombie(tmp_path: Path) -> None:
    """As process 1 of a container, orphans become our children; PR_SET_CHILD_SUBREAPER makes a test of it."""
    code = """
import ctypes, os, sys, psutil
from pathlib import Path
from processor.processes import run_process
assert ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0
program = "import os, time\\nfor leaves in (0, 1):\\n  if os.fork() == 0:\\n    leaves and os.setsid(); time.sleep(60)"
run_process([sys.executable, "-c", program + "\\ntime.sleep(0.3)"], cwd=Path("."), timeout_seconds=9,
    environment={"PATH": os.environ["PATH"], "AIP_RUN_ID": "reaper"}, stdout=Path("out"))
print([child.status() for child in psutil.Process().children()])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture
def sleeper(wait_until: Wait) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Give a function that starts a process of a run in a session of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start(run_id: str) -> subprocess.Popen[bytes]:
        environment = {"PATH": os.environ["PATH"], "AIP_RUN_ID": run_id}
        process = subprocess.Popen(["sleep", "60"], env=environment, start_new_session=True)
        started.append(process)
        wait_until(lambda: is_marked(process.pid, run_id))
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def is_marked(pid: int, run_id: str) -> bool:
    return f"AIP_RUN_ID={run_id}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")


def test_leftovers_of_exactly_one_run_are_ended(sleeper: Callable[..., subprocess.Popen[bytes]]) -> None:
    ours, longer, other = sleeper(OURS), sleeper(f"{OURS}0"), sleeper("run-2")
    assert end_leftovers(OURS) == 1
    assert not is_alive(ours.pid)
    assert is_alive(longer.pid)
    assert is_alive(other.pid)


def test_run_without_leftovers_has_nothing_to_end() -> None:
    assert end_leftovers("a-run-that-never-was") == 0


def test_leftovers_of_no_run_in_particular_are_refused() -> None:
    with pytest.raises(ValueError, match="a run id is needed"):
        end_leftovers("")


def test_leftover_that_emptied_its_environment_ends_with_its_group(
    tmp_path: Path, alive_pids: Alive, wait_until: Wait
) -> None:
    script = "env -i sleep 60 & echo $! > pids; sleep 60"
    environment = {"PATH": os.environ["PATH"], "AIP_RUN_ID": OURS}
    pids = tmp_path / "pids"
    with subprocess.Popen(["sh", "-c", script], cwd=tmp_path, env=environment, start_new_session=True) as leader:
        wait_until(lambda: pids.exists() and pids.read_text() != "")
        wait_until(lambda: Path(f"/proc/{int(pids.read_text())}/environ").read_bytes() == b"")
        wait_until(lambda: len(psutil.Process(leader.pid).children()) == 2)
        assert end_leftovers(OURS) == 3
        leader.wait(60)
    assert alive_pids(pids) == []


def test_end_leftovers_never_ends_the_process_that_calls_it(tmp_path: Path) -> None:
    code = f"from processor.processes import end_leftovers; print(end_leftovers('{OURS}'))"
    environment = {"PATH": os.environ["PATH"], "AIP_RUN_ID": OURS}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n"


def test_recorded_group_is_ended_whole(tmp_path: Path, alive_pids: Alive, wait_until: Wait) -> None:
    pids = tmp_path / "pids"
    script = "trap '' TERM; sleep 60 & echo $! $$ > pids; while :; do sleep 1; done"
    with subprocess.Popen(["sh", "-c", script], cwd=tmp_path, start_new_session=True) as leader:
        wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
        end_process_group(leader.pid)
        leader.wait(60)
    assert alive_pids(pids) == []

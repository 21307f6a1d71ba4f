"""A program is bounded in time and output, and tells the truth about its end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from processor.processes import Ending, run_process
from tests.processes.conftest import GROWING_LIMITS, Run


def test_exit_code_and_output_are_kept(run: Run, tmp_path: Path) -> None:
    result = run("import sys; print('said'); print('warned', file=sys.stderr); sys.exit(3)", stderr=tmp_path / "err")
    assert (result.ending, result.exit_code) == (Ending.EXITED, 3)
    assert (tmp_path / "out").read_text() == "said\n"
    assert (tmp_path / "err").read_text() == "warned\n"


def test_stderr_joins_stdout_when_it_has_no_file(run: Run, tmp_path: Path) -> None:
    run("import sys; print('warned', file=sys.stderr)")
    assert (tmp_path / "out").read_text() == "warned\n"


def test_output_is_for_this_user_alone(run: Run, tmp_path: Path) -> None:
    run("print('said')")
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_death_by_signal_is_a_negative_exit_code(run: Run) -> None:
    result = run("import os; os.kill(os.getpid(), 9)")
    assert (result.ending, result.exit_code) == (Ending.EXITED, -signal.SIGKILL)


@pytest.mark.parametrize("extra", [{}, {"AIP_RUN_ID": "instant"}], ids=["unmarked", "marked"])
def test_instant_programs_pay_no_waiting_time(
    tmp_path: Path, environment: dict[str, str], extra: dict[str, str]
) -> None:
    took, needed = [], []
    for _ in range(15):
        began = time.monotonic()
        subprocess.run(["true"], env=environment | extra, check=True)
        needed.append(time.monotonic() - began)
        result = run_process(
            ["true"], cwd=tmp_path, environment=environment | extra, timeout_seconds=60, stdout=tmp_path / "out"
        )
        took.append(result.duration_seconds)
    # Of a machine that is busy both are slower.
    assert min(took) < 0.03 + 3 * min(needed)


def test_stdin_is_the_file_that_was_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("hello")
    run("print(input())", stdin=tmp_path / "in")
    assert (tmp_path / "out").read_text() == "hello\n"


def test_stdin_is_empty_when_none_was_given(run: Run, tmp_path: Path) -> None:
    run("import sys; print(repr(sys.stdin.read()))")
    assert (tmp_path / "out").read_text() == "''\n"


def test_arguments_never_reach_a_shell(tmp_path: Path, environment: dict[str, str]) -> None:
    tricky = "$(touch bad); `touch bad`; 'x' \"y\" | tee bad > bad\n*"
    run_process(
        ["printf", "%s", tricky], cwd=tmp_path, environment=environment, timeout_seconds=60, stdout=tmp_path / "out"
    )
    assert (tmp_path / "out").read_text() == tricky
    assert not (tmp_path / "bad").exists()


def test_program_sees_exactly_the_environment_it_was_given(run: Run, tmp_path: Path) -> None:
    run("import os; print(sorted(os.environ))", environment={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
    assert (tmp_path / "out").read_text() == "['LC_ALL', 'PATH']\n"


@pytest.mark.parametrize("limit", [0.2, 0.7])
def test_time_limit_is_kept(run: Run, limit: float) -> None:
    result = run("import time; time.sleep(60)", timeout_seconds=limit)
    assert (result.ending, result.exit_code) == (Ending.TIMED_OUT, -signal.SIGTERM)
    assert limit <= result.duration_seconds < 30


def test_program_that_ignores_sigterm_is_killed_after_two_seconds(run: Run, tmp_path: Path) -> None:
    source = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    for limit in GROWING_LIMITS:
        result = run(source, timeout_seconds=limit, stdout=tmp_path / f"out-{limit:g}")
        if (tmp_path / f"out-{limit:g}").read_text() == "1\n":
            break
    assert (result.ending, result.exit_code) == (Ending.TIMED_OUT, -signal.SIGKILL)
    assert limit + 1.9 < result.duration_seconds < limit + 30


def test_cancel_stops_the_program_at_once(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(
        "import time; print('started', flush=True); time.sleep(60)",
        should_stop=lambda: out.exists() and out.read_text() == "started\n",
    )
    assert result.ending is Ending.CANCELLED
    assert result.duration_seconds < 30


def test_endless_output_is_stopped_and_cut_at_the_limit(run: Run, tmp_path: Path) -> None:
    result = run("while True: print('x' * 10_000)", max_output_bytes=100_000)
    assert result.ending is Ending.OUTPUT_LIMIT
    assert (tmp_path / "out").stat().st_size == 100_000


def test_a_quick_flood_is_noticed_after_the_program_has_ended(run: Run, tmp_path: Path) -> None:
    result = run("print('x' * 5_000)", max_output_bytes=1_000)
    assert result.ending is Ending.OUTPUT_LIMIT
    assert (tmp_path / "out").stat().st_size == 1_000


def test_earlier_output_in_the_file_stays_and_does_not_count(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("y" * 2_000)
    result = run("print('x' * 500)", max_output_bytes=1_000)
    assert result.ending is Ending.EXITED
    assert (tmp_path / "out").stat().st_size == 2_501


def test_output_that_cannot_be_written_is_the_programs_own_failure(run: Run) -> None:
    result = run("print('x' * 100_000, flush=True)", stdout=Path("/dev/full"))
    assert result.ending is Ending.EXITED
    assert result.exit_code not in {0, -signal.SIGKILL}


def test_missing_program_is_told_by_name(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        run_process(
            ["no-such-program"], cwd=tmp_path, environment=environment, timeout_seconds=60, stdout=tmp_path / "out"
        )


def test_program_is_looked_for_on_the_path_of_the_environment_alone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="true"):
        run_process(
            ["true"], cwd=tmp_path, environment={"PATH": "/nowhere"}, timeout_seconds=60, stdout=tmp_path / "out"
        )


def test_relative_program_is_looked_for_in_the_working_folder(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh\necho here\n")
    (tmp_path / "tool").chmod(0o755)
    run_process(["./tool"], cwd=tmp_path, environment=environment, timeout_seconds=60, stdout=tmp_path / "out")
    assert (tmp_path / "out").read_text() == "here\n"


def test_failure_while_the_group_is_recorded_ends_the_program(run: Run) -> None:
    started: list[int] = []

    def refuse(process_group: int) -> None:
        started.append(process_group)
        raise OSError("the ledger is gone")

    with pytest.raises(OSError, match="the ledger is gone"):
        run("import time; time.sleep(60)", on_start=refuse)
    assert not psutil.pid_exists(started[0])


def test_group_is_told_before_the_program_does_anything_else(run: Run, tmp_path: Path) -> None:
    told: list[int] = []
    run("import os; print(os.getpgrp())", on_start=told.append)
    assert (tmp_path / "out").read_text() == f"{told[0]}\n"


def test_two_hundred_programs_leave_no_zombie_and_no_descriptor(tmp_path: Path, environment: dict[str, str]) -> None:
    ours = psutil.Process()
    before, children = ours.num_fds(), ours.children()
    for _ in range(200):
        run_process(["true"], cwd=tmp_path, environment=environment, timeout_seconds=60, stdout=tmp_path / "out")
    # Threads of earlier tests may end meanwhile, and close theirs.
    assert set(ours.children()) <= set(children)
    assert ours.num_fds() <= before


def test_program_dies_with_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from processor.processes import run_process\n"
        "run_process(['sleep', '60'], cwd=Path('.'), environment={'PATH': '/usr/bin:/bin'}, timeout_seconds=600,"
        " stdout=Path('out'), on_start=lambda group: print(group, flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        leader = psutil.Process(int(parent.stdout.readline()))
        deadline = time.monotonic() + 60
        while leader.is_running() and leader.name() != "sleep" and time.monotonic() < deadline:
            time.sleep(0.01)
        parent.kill()
    assert psutil.wait_procs([leader], timeout=60)[1] == []

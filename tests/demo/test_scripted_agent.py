"""The scripted agents really do what they stand for."""

import ast
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ARGV = [sys.executable, "-P", "-m", "processor.demo.scripted_agent"]
PROMPT = "Raise a clear error in `../outside.py` and `module.py`."


def act(mode: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ARGV, mode], cwd=cwd, input=PROMPT, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def worktree(tmp_path: Path) -> Path:
    (tmp_path / "module.py").write_text("x = 1\n", encoding="utf-8")
    return tmp_path


def test_break_leaves_a_file_that_cannot_be_parsed_and_says_that_all_is_well(worktree: Path) -> None:
    done = act("break", worktree)

    assert (done.returncode, done.stdout) == (0, "module.py now checks its input. All tests pass.\n")
    with pytest.raises(SyntaxError):
        ast.parse((worktree / "module.py").read_text(encoding="utf-8"))


def test_fail_ends_with_code_3_and_changes_nothing(worktree: Path) -> None:
    done = act("fail", worktree)

    assert (done.returncode, done.stderr) == (3, "model overloaded, giving up\n")
    assert (worktree / "module.py").read_text(encoding="utf-8") == "x = 1\n"


def test_pretend_claims_success_and_changes_nothing(worktree: Path) -> None:
    done = act("pretend", worktree)

    assert done.returncode == 0
    assert "All tests pass." in done.stdout
    assert (worktree / "module.py").read_text(encoding="utf-8") == "x = 1\n"


def test_hang_survives_sigterm_together_with_its_child(worktree: Path) -> None:
    agent = subprocess.Popen([*ARGV, "hang"], cwd=worktree, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    children: list[psutil.Process] = []
    try:
        assert agent.stdout is not None
        assert agent.stdout.readline() == b"Thinking ...\n"
        agent.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            agent.wait(0.5)
        children = psutil.Process(agent.pid).children()
        assert len(children) == 1
    finally:
        for process in (*children, psutil.Process(agent.pid)):
            process.kill()
        agent.communicate(timeout=60)


def test_an_unknown_behaviour_is_wrong_usage(worktree: Path) -> None:
    assert act("dance", worktree).returncode == 2

"""The gate works on the worktrees that a run really has, and costs little."""

import os
import time
from pathlib import Path

from processor.gate import GateTask, MemoryBaseFindings, judge
from processor.model import CheckResult, FindingState, GateReport, GitAccess
from processor.settings.sections import Settings
from processor.workspace import Mirror
from tests.gate.conftest import git, make_issue, row

_FILES = {
    "lint.sh": 'grep -n BAD "$@" /dev/null && exit 1\nexit 0\n',
    "app/a.py": "def f(a):\n    return a  # BAD one\n",
    "app/tool.sh": "echo BAD\n",
}
_LIMIT = 1_000_000


def _make_mirror(tmp_path: Path) -> tuple[Mirror, str]:
    people = tmp_path / "people"
    for name, content in _FILES.items():
        (people / name).parent.mkdir(parents=True, exist_ok=True)
        (people / name).write_text(content)
    git(people, "init", "-q", "--initial-branch=main")
    git(people, "add", "-A")
    git(people, "commit", "-q", "-m", "base")
    mirror = Mirror(tmp_path / "state", "octo/hello", str(people), lambda: GitAccess({}))
    mirror.fetch()
    return mirror, mirror.resolve("main")


def _judge(mirror: Mirror, base: str, tmp_path: Path, settings: Settings) -> GateReport:
    agent = mirror.add_worktree("run-1", base, "change")
    (agent / "app/a.py").write_text("def f(a):\n    # BAD two\n    return a + 1  # BAD one\n")
    (agent / "app/tool.sh").rename(agent / "app/tool 2.sh")
    change = mirror.capture_change(agent, base, _LIMIT)
    assert change is not None
    judged = mirror.add_worktree("run-1", base, "change")
    mirror.apply_change(judged, change)
    task = GateTask(
        repository="octo/hello",
        issue=make_issue(),
        change=change,
        base_worktree=lambda: mirror.add_worktree("run-1", base, "base"),
        changed_worktree=judged,
        output_directory=tmp_path / "logs" / "runs" / "run-1",
        should_stop=lambda: False,
        on_start=lambda _group: None,
        deadline_seconds=60,
        run_id="run-1",
    )
    return judge(task, settings, {"PATH": os.environ["PATH"]}, MemoryBaseFindings())


def test_a_change_is_judged_in_worktrees_of_a_mirror(tmp_path: Path) -> None:
    mirror, base = _make_mirror(tmp_path)
    check = {"name": "lint", "argv": ["sh", "lint.sh", "{files}"], "findings": "lines", "required": False}
    main = {"state": {"directory": str(tmp_path / "state")}, "logs": {"directory": str(tmp_path / "logs")}}
    report = _judge(mirror, base, tmp_path, Settings.model_validate({"gate": {"checks": [check]}, "main": main}))
    assert {one.key: one.state for one in row(report, "lint").findings} == {
        "app/a.py:: # BAD two": FindingState.NEW,
        "app/a.py:: return a # BAD one": FindingState.FIXED,
        "app/a.py:: return a + 1 # BAD one": FindingState.NEW,
        "app/tool 2.sh::echo BAD": FindingState.UNCHANGED,
    }
    assert row(report, "lint").result is CheckResult.FAILED
    assert (report.passed, report.score) == (True, 96.5)


def test_the_built_in_checks_of_a_small_change_take_no_time_once_warm(tmp_path: Path) -> None:
    mirror, base = _make_mirror(tmp_path)
    _judge(mirror, base, tmp_path, Settings())
    spent = sum(one.duration_seconds for one in _judge(mirror, base, tmp_path, Settings()).checks)
    started = time.process_time()
    _judge(mirror, base, tmp_path, Settings())
    # Processor time, since the clock on the wall also counts what else this machine does.
    assert time.process_time() - started < 0.3
    assert spent < 3

"""`aip demo` from start to end: the real service, the real git, and a result that forge and ledger bear out."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from processor.forge import Forge
from processor.ledger import queries
from processor.ledger.connection import Ledger, open_ledger
from processor.model import IssueRef
from processor.settings.sections import State

AIP = [sys.executable, "-m", "processor", "demo"]


def aip_demo(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*AIP, *arguments], cwd=cwd, capture_output=True, text=True, timeout=150, check=False)


def test_the_object_is_borne_out_by_forge_ledger_and_folder(tmp_path: Path) -> None:
    folder = tmp_path / "kept"

    done = aip_demo("--json", "--issues", "3", "--keep", str(folder), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert set(said) == {"repository", "runs", "skipped", "totals"}
    expect_every_way_to_end(said)
    expect_progress_line_for_each_issue(said, done.stderr)
    with Forge(folder / "forge") as forge:
        expect_one_draft_for_each_success(said, forge)
    with closing(open_ledger(State(directory=folder / "state"), migrate=False)) as ledger:
        expect_same_in_ledger(said, ledger)
    expect_nothing_left(folder)
    expect_settings_to_serve_other_commands(folder, said, tmp_path)


def expect_every_way_to_end(said: dict[str, Any]) -> None:
    ends = sorted((run["outcome"], run["error_type"]) for run in said["runs"] if run["outcome"] != "success")
    assert ends == [
        ("error", "agent_exit"),
        ("error", "agent_no_change"),
        ("rejected", None),
        ("timeout", "agent_timeout"),
    ]
    assert sorted(one["reason"] for one in said["skipped"]) == ["author_not_allowed", "skip_label"]
    assert said["totals"]["success"] == 4
    assert said["totals"]["as_expected"] == said["totals"]["issues"] == 10
    assert {run["priority"] for run in said["runs"]} == {"critical", "high", "medium"}


def expect_progress_line_for_each_issue(said: dict[str, Any], progress: str) -> None:
    assert f"Published {said['repository']}" in progress
    for number in range(1, said["totals"]["issues"] + 1):
        assert re.search(rf"^  #{number} (success|rejected|error|timeout|skipped): ", progress, re.MULTILINE)
    assert "\x1b" not in progress


def expect_one_draft_for_each_success(said: dict[str, Any], forge: Forge) -> None:
    numbers = [run["issue"] for run in said["runs"]] + [one["issue"] for one in said["skipped"]]
    assert sorted(numbers) == [issue.number for issue in forge.issues(said["repository"], state="open")]
    pulls = {pull.pull.head_ref: pull for pull in forge.pulls(said["repository"])}
    succeeded = [run for run in said["runs"] if run["outcome"] == "success"]
    assert sorted(pulls) == sorted(f"auto-fix/issue-{run['issue']}" for run in succeeded)
    assert len(pulls) == len(forge.pulls(said["repository"]))
    for run in succeeded:
        pull = pulls[f"auto-fix/issue-{run['issue']}"]
        assert run["pull_request"].endswith(f"/{said['repository']}/pull/{pull.issue.number}")
        assert pull.pull.is_draft
        assert run["gate_score"] >= 70


def expect_same_in_ledger(said: dict[str, Any], ledger: Ledger) -> None:
    for run in said["runs"]:
        with ledger.read() as db:
            (record,) = queries.runs_of_issue(db, IssueRef(said["repository"], run["issue"]))
        assert (record.title, record.priority, record.outcome) == (run["title"], run["priority"], run["outcome"])
        assert (record.error_type, record.gate_score) == (run["error_type"], run["gate_score"])
        assert record.pull_request_url == run["pull_request"]
        assert record.duration_seconds == pytest.approx(run["duration_seconds"], abs=0.001)


def expect_nothing_left(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["configs", "forge", "logs", "state", "token"]
    assert list((folder / "state" / "worktrees").iterdir()) == []
    argvs = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert [argv for argv in argvs if any(str(folder) in word for word in argv)] == []


def expect_settings_to_serve_other_commands(folder: Path, said: dict[str, Any], cwd: Path) -> None:
    argv = [sys.executable, "-m", "processor", "--config-dir", str(folder / "configs")]
    argv += ["queue", "show", f"{said['repository']}#1"]
    shown = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    assert shown.returncode == 0, shown.stderr
    assert "success" in shown.stdout


def test_serve_keeps_pages_and_metrics_up_and_ctrl_c_ends_everything(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    argv = [*AIP, "--serve", "--issues", "1", "--package", "PyYAML"]
    with subprocess.Popen(
        argv, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        try:
            assert demo.stdout is not None
            said = ""
            while "What to try next" not in said:
                line = demo.stdout.readline()
                assert line, demo.communicate()
                said += line
            family = psutil.Process(demo.pid).children(recursive=True)
            addresses = re.findall(r"http://127\.0\.0\.1:\S+", said)
            pages = {address: requests.get(address, timeout=60).text for address in addresses}
            demo.send_signal(signal.SIGINT)
            _, errors = demo.communicate(timeout=60)
        finally:
            demo.kill()

    assert demo.returncode == 0, errors
    assert [address.rpartition("/")[2] for address in addresses] == ["PyYAML", "status", "metrics"]
    assert "Auto-fix:" in pages[addresses[0]]
    assert "# TYPE aip_" in pages[addresses[2]]
    assert len(family) >= 1
    assert [process for process in family if process.is_running()] == []
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    argv = [*AIP, "--issues", "1", "--package", "PyYAML"]
    with subprocess.Popen(
        argv, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        try:
            assert demo.stderr is not None
            line = "start"
            while line and not line.startswith("  #"):
                line = demo.stderr.readline()
            family = psutil.Process(demo.pid).children(recursive=True)
            demo.send_signal(signal.SIGINT)
            demo.communicate(timeout=60)
        finally:
            demo.kill()

    assert demo.returncode == 130
    assert len(family) >= 1
    assert [process for process in family if process.is_running()] == []
    assert list(tmp_path.iterdir()) == []


def test_without_git_the_remedy_is_named(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path)}

    done = subprocess.run(AIP, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert "git was not found on PATH; install it, on Debian and Ubuntu with `apt install git`" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--package", "no_such_package"], "no_such_package is not installed here"),
        (["--keep", "full"], "folder full holds something already"),
        (["--issues", "0"], "--issues"),
    ],
)
def test_wrong_usage_ends_with_2_before_anything_starts(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()

    done = aip_demo(*arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr

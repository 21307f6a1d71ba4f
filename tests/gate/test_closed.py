"""What cannot be judged is refused; what stops a run is passed on."""

import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from processor.errors import GateToolError, RunCancelled, RunDeadlineExceeded, WorkspaceError
from processor.model import CheckResult, GateReport
from tests.gate.conftest import Project, row
from tests.processes.conftest import GROWING_LIMITS


@pytest.fixture
def changed(project: Project) -> Project:
    """A change that passes every built-in check."""
    project.commit_base({"b.py": "x = 1\n"})
    project.write({"b.py": "x = 2\n"})
    return project


def _shell(program: str, **rest: Any) -> dict[str, Any]:
    return {"checks": [{"name": "tests", "argv": ["sh", "-c", program], **rest}]}


def test_a_missing_program_rejects(changed: Project) -> None:
    report = changed.judge({"checks": [{"name": "tests", "argv": ["no-such-program"]}]})
    assert report.reasons == (
        (
            "tests could not run: the program no-such-program is not found; "
            "install it where the service's PATH leads, or take the check out"
        ),
    )


def test_a_check_past_its_limit_rejects(changed: Project) -> None:
    report = changed.judge(_shell("sleep 60", timeout_seconds=0.3))
    assert report.reasons == (
        "tests could not run: it ran past its limit of 0.3 s; raise timeout_seconds of the check",
    )


@pytest.mark.parametrize("sandbox", ["auto", "off"])
def test_a_check_that_dies_by_a_signal_rejects(changed: Project, sandbox: str) -> None:
    report = changed.judge(_shell("kill -SEGV $$"), security={"sandbox": sandbox})
    assert report.reasons == (
        "tests could not run: it was ended by signal 11; see the output of tests in the run's folder",
    )


def test_a_check_that_prints_too_much_rejects(changed: Project) -> None:
    report = changed.judge(_shell("head -c 5000 /dev/zero; exit 0"), security={"max_output_bytes": 1000})
    assert report.reasons == (
        "tests could not run: it printed more than 1000 bytes; make it quieter or raise security.max_output_bytes",
    )


def test_an_optional_check_that_could_not_run_rejects_too(changed: Project) -> None:
    assert not changed.judge(_shell("sleep 60", timeout_seconds=0.3, required=False, weight=0)).passed


def test_a_base_commit_that_cannot_be_checked_rejects_a_change_with_findings(changed: Project) -> None:
    changed.write({"marker.py": "x = 1\n"})
    limit, report = _judged_with_a_base_that_hangs(changed, exit_code=1)
    (reason,) = report.reasons
    told = f"on the base commit it ran past its limit of {limit:g} s; raise timeout_seconds of the check"
    assert reason == f"tests could not run: {told}"


def test_a_base_commit_that_cannot_be_checked_does_not_matter_to_a_change_without_findings(changed: Project) -> None:
    changed.write({"marker.py": "x = 1\n"})
    limit, report = _judged_with_a_base_that_hangs(changed, exit_code=0)
    assert report.passed
    assert row(report, "tests").summary == (
        f"no complaint; on the base commit it ran past its limit of {limit:g} s; raise timeout_seconds of the check"
    )


def _judged_with_a_base_that_hangs(changed: Project, *, exit_code: int) -> tuple[float, GateReport]:
    """Judge by a check that ends at once on the change alone; give the limit that is long enough for that here."""
    for limit in GROWING_LIMITS:
        report = changed.judge(_shell(f"test -e marker.py && exit {exit_code}; sleep 600", timeout_seconds=limit))
        if "on the base commit" in row(report, "tests").summary:
            return limit, report
    raise AssertionError(f"the check of the change did not end within {limit:g} s")


def test_a_check_of_ours_that_breaks_rejects_without_quoting_the_change(changed: Project, capsys: Any) -> None:
    class Broken:
        def get(self, *_: object) -> None:
            raise KeyError("content of the change")

        put = get

    changed.cache = Broken()  # type: ignore[assignment]
    report = changed.judge(_shell("exit 0"))
    assert report.reasons == (
        "tests could not run: the check itself broke with KeyError; report this with the run's id",
    )
    assert "content of the change" not in "".join(capsys.readouterr())


def test_a_file_too_large_to_be_read_rejects(changed: Project) -> None:
    changed.write({"big.py": b"x = 1\n" * 900_000})
    report = changed.judge()
    assert row(report, "secrets").result is CheckResult.UNAVAILABLE
    assert "big.py has 5400000 bytes and the gate reads 5000000 at most" in row(report, "secrets").summary


def test_trouble_with_the_worktree_is_passed_on(changed: Project) -> None:
    def no_worktree() -> Path:
        raise WorkspaceError("disk is full")

    changed.make_base_worktree = no_worktree  # type: ignore[method-assign]
    with pytest.raises(WorkspaceError):
        changed.judge(_shell("exit 0"))


def test_a_change_whose_base_commit_is_missing_cannot_be_judged(changed: Project, tmp_path: Path) -> None:
    (tmp_path / "tree" / ".git" / "objects").rename(tmp_path / "away")
    (tmp_path / "tree" / ".git" / "objects").mkdir()
    change = "diff --git a/b.py b/b.py\nindex " + "1" * 40 + ".." + "2" * 40 + " 100644\n"
    with pytest.raises(GateToolError, match=r"blob 1{40} of the base commit is missing"):
        changed.judge_patch(change.encode())


def test_a_cancelled_run_stops_before_the_next_check(changed: Project) -> None:
    changed.stop = lambda: True
    with pytest.raises(RunCancelled):
        changed.judge(_shell("exit 0"))
    assert changed.groups == []


def test_a_cancelled_run_ends_its_program(changed: Project) -> None:
    changed.stop = lambda: bool(changed.groups)
    started = time.monotonic()
    with pytest.raises(RunCancelled):
        changed.judge(_shell("sleep 60"))
    assert time.monotonic() - started < 30
    assert not psutil.pid_exists(changed.groups[0])


def test_a_deadline_ends_the_gate(changed: Project) -> None:
    with pytest.raises(RunDeadlineExceeded):
        changed.judge(_shell("sleep 60"), deadline_seconds=1)
    with pytest.raises(RunDeadlineExceeded):
        changed.judge(deadline_seconds=0)


def test_the_built_in_checks_see_the_change_before_any_program_can_touch_it(changed: Project) -> None:
    changed.write({"c.py": "# TODO: implement the cache\n"})
    report = changed.judge(_shell("echo 'x = 1' > c.py"))
    assert row(report, "stubs").result is CheckResult.FAILED


def test_a_demanded_sandbox_keeps_a_check_from_the_network_and_from_our_data(changed: Project, tmp_path: Path) -> None:
    secret = tmp_path / "state" / "ledger"
    secret.parent.mkdir()
    secret.write_text("ours")
    program = f"cat {secret} && exit 1; test $(wc -l < /proc/net/dev) = 3 || exit 1; touch here"
    report = changed.judge(
        _shell(program), main={"state": {"directory": str(secret.parent)}}, security={"sandbox": "auto"}
    )
    assert row(report, "tests").findings == ()

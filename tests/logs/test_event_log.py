"""The operator's log is on disk at once, rotated without splitting a run, and gives the handbook right numbers."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from processor import logs
from processor.errors import ErrorType, ResourceError
from processor.logs import EventLog, FinishedRun, run_finished, service_lines
from processor.model import IssueRef, Outcome, Priority
from processor.settings.sections import Logs, MainFile
from tests.logs.conftest import Written

HANDBOOK = Path(__file__).parent / "handbook"
MONDAY = datetime(2025, 7, 21, 9, 0, tzinfo=UTC)
Handbook = Callable[[str], list[str]]


def _run(number: int, outcome: Outcome, seconds: float = 1.0, **further: object) -> FinishedRun:
    values: dict[str, object] = {
        "run_id": f"{number}-ab", "issue": IssueRef("octo/hello", number), "outcome": outcome,
        "priority": Priority.MEDIUM, "duration_seconds": seconds,
    }  # fmt: skip
    return FinishedRun(**(values | further))  # type: ignore[arg-type]


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    """Run one of the handbook's scripts as it stands, on 2025-07-21, beside `logs/`."""
    programs = tmp_path / "bin"
    programs.mkdir()
    date = programs / "date"
    date.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = -d ]; then exec /bin/date -d "2025-07-21 $2" "$3"; fi\n'
        'exec /bin/date -d 2025-07-21 "$1"\n'
    )
    date.chmod(0o755)

    def run(name: str) -> list[str]:
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C"}
        command = ["bash", str(HANDBOOK / name)]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


@pytest.fixture
def week(tmp_path: Path) -> Iterator[None]:
    """Write a week: two runs on the Monday before, one between, five on this Monday, and much that must not count."""
    moments = iter(
        [MONDAY - timedelta(days=7)] * 2
        + [MONDAY - timedelta(days=3)]
        + [MONDAY + timedelta(hours=h) for h in range(20)]
    )
    trap = "PROCESSING_COMPLETED ISSUE_PROCESSED PR_CREATED_SUCCESS ERROR 2025-07-21\n2025-07-21 ERROR x y z 999"
    with EventLog(Logs(directory=tmp_path / "logs"), now=lambda: next(moments)) as log:
        log.write(*run_finished(_run(1, Outcome.SUCCESS, 30.0)))
        log.write(*run_finished(_run(2, Outcome.ERROR, 10.0, error_type=ErrorType.GIT, message=trap)))
        log.write(*run_finished(_run(3, Outcome.ERROR, 100.0, error_type=ErrorType.NETWORK, message=trap)))
        log.write(*run_finished(_run(4, Outcome.SUCCESS, 59.99)))
        log.write(*run_finished(_run(5, Outcome.SUCCESS, 60.0, issue=IssueRef("octo/ERROR-2025-07-14", 5))))
        log.write(*run_finished(_run(6, Outcome.REJECTED, 299.5)))
        log.write(*run_finished(_run(7, Outcome.ERROR, 5.0, error_type=ErrorType.GIT, message=trap)))
        log.write(*run_finished(_run(8, Outcome.TIMEOUT, 1800.0, error_type=ErrorType.AGENT_TIMEOUT)))
        log.write(*run_finished(_run(9, Outcome.CANCELLED, 9999.0)))
        log.write(*run_finished(_run(10, Outcome.SUCCESS, 9999.0, is_dry_run=True)))
        log.write(service_lines.issue_skipped(IssueRef("octo/hello", 11), trap))
        log.write(service_lines.poll_failed("octo/hello", ErrorType.GITHUB_API, trap))
        log.write(service_lines.poll_finished("octo/hello", found=1, queued=1, skipped=0))
    return


@pytest.mark.usefixtures("week")
def test_the_handbooks_analysis_of_times_is_right(handbook: Handbook) -> None:
    assert handbook("processing_analysis.sh") == [
        "=== Processing Time Analysis ===",
        "Average: 295.56 seconds",  # 30 + 10 + 100 + 59.99 + 60 + 299.5 + 5 + 1800, by 8
        "Longest: 1800.00 seconds",
        "=== Processing Time Distribution ===",
        "Fast (<60s): 4",
        "Medium (60-300s): 3",
        "Slow (>300s): 1",
    ]


@pytest.mark.usefixtures("week")
def test_the_handbooks_weekly_report_is_right(handbook: Handbook) -> None:
    # The script looks at the first and the last day of the week only: two runs and five.
    report = handbook("weekly_performance_report.sh")
    assert [line.split() for line in report] == [
        ["===", "Weekly", "Performance", "Report", "(2025-07-14", "to", "2025-07-21)", "==="],
        ["##", "Processing", "Statistics"],
        ["Total", "Issues", "Processed:", "7"],
        ["Success", "Rate:", "42.9%"],
        ["##", "Error", "Analysis"],
        ["2", "git"],
        ["1", "agent_timeout"],
    ]


def test_the_handbooks_recent_errors_show_a_failed_run(tmp_path: Path, handbook: Handbook) -> None:
    with EventLog(Logs(directory=tmp_path / "logs"), now=lambda: MONDAY) as log:
        log.write(*run_finished(_run(7, Outcome.ERROR, 5.0, error_type=ErrorType.GIT, message="git is gone")))
        log.write(service_lines.poll_finished("octo/hello", found=1, queued=1, skipped=0))
    assert handbook("recent_errors.sh") == [
        '2025-07-21 09:00:00,000 ERROR AutoIssueProcessor git issue=octo/hello#7 run=7-ab message="git is gone"'
    ]


def test_a_rotation_never_splits_a_run(tmp_path: Path) -> None:
    with EventLog(Logs(directory=tmp_path, max_bytes=1024, backup_count=20)) as log:
        for number in range(1, 31):
            log.write(*run_finished(_run(number, Outcome.SUCCESS)))
    files = sorted(tmp_path.iterdir())
    assert len(files) > 3
    for file in files:
        assert file.stat().st_size <= 1024
        types = [line.split()[4] for line in file.read_text().splitlines()]
        assert types == ["PR_CREATED_SUCCESS", "ISSUE_PROCESSED", "PROCESSING_COMPLETED"] * (len(types) // 3)
    everything = "".join(file.read_text() for file in files)
    assert everything.count("PROCESSING_COMPLETED") == 30


def test_the_oldest_file_goes_when_there_are_enough(tmp_path: Path) -> None:
    with EventLog(Logs(directory=tmp_path, max_bytes=1024, backup_count=2)) as log:
        for number in range(1, 31):
            log.write(*run_finished(_run(number, Outcome.SUCCESS)))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "auto_issue_processor.log", "auto_issue_processor.log.1", "auto_issue_processor.log.2"
    ]  # fmt: skip


def test_a_line_is_on_disk_when_write_returns(tmp_path: Path) -> None:
    with EventLog(Logs(directory=tmp_path / "a" / "b")) as log:
        log.write(service_lines.service_draining(2))
        assert log.path.read_text().endswith(" INFO AutoIssueProcessor SERVICE_DRAINING active_runs=2\n")


def test_the_time_is_local(tmp_path: Path) -> None:
    with EventLog(Logs(directory=tmp_path)) as log:
        before = datetime.now(UTC).astimezone().replace(tzinfo=None)
        log.write(service_lines.service_draining(0))
        written = datetime.strptime(log.path.read_text()[:23], "%Y-%m-%d %H:%M:%S,%f")  # noqa: DTZ007
    assert abs(written - before) < timedelta(seconds=30)


def test_lines_are_written_whatever_the_log_level_is(tmp_path: Path, written: Written) -> None:
    logs.configure_logging(MainFile(log_level="ERROR"), is_terminal=False, stream=written.stream)
    with EventLog(Logs(directory=tmp_path)) as log:
        log.write(*run_finished(_run(1, Outcome.SUCCESS)))
        assert log.path.read_text().count("\n") == 3
    assert written.events() == []


def test_an_earlier_log_is_continued(tmp_path: Path) -> None:
    for _ in range(2):
        with EventLog(Logs(directory=tmp_path)) as log:
            log.write(service_lines.service_draining(0))
    assert (tmp_path / "auto_issue_processor.log").read_text().count("\n") == 2


@pytest.mark.parametrize("act", ["remove", "rename", "remove the folder"])
def test_a_file_that_an_operator_takes_away_is_made_anew(tmp_path: Path, act: str) -> None:
    folder = tmp_path / "logs"
    with EventLog(Logs(directory=folder)) as log:
        log.write(service_lines.service_draining(1))
        if act == "rename":
            log.path.rename(folder / "old.log")
        else:
            log.path.unlink()
        if act == "remove the folder":
            folder.rmdir()
        log.write(service_lines.service_draining(2))
        assert log.path.read_text().split()[-1] == "active_runs=2"


def test_threads_do_not_mix_their_lines(tmp_path: Path) -> None:
    with EventLog(Logs(directory=tmp_path, max_bytes=4096, backup_count=50)) as log:
        threads = [
            threading.Thread(target=lambda: [log.write(*run_finished(_run(n, Outcome.SUCCESS))) for n in range(1, 26)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    files = sorted(tmp_path.iterdir())
    types = [line.split()[4] for file in files for line in file.read_text().splitlines()]
    assert types == ["PR_CREATED_SUCCESS", "ISSUE_PROCESSED", "PROCESSING_COMPLETED"] * 100


WRITER = """
import sys
from pathlib import Path
from processor.logs import EventLog, service_lines
from processor.settings.sections import Logs
with EventLog(Logs(directory=Path(sys.argv[1]), max_bytes=2048, backup_count=500)) as log:
    for number in range(300):
        log.write(service_lines.service_draining(number), service_lines.service_stopped(sys.argv[2]))
"""


def test_services_in_one_folder_lose_nothing_to_each_others_rotation(tmp_path: Path) -> None:
    names = ["first", "second", "third"]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in names]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    files = [file.read_text().splitlines() for file in tmp_path.iterdir()]
    words = [line.split()[-1] for lines in files for line in lines]
    counted = Counter(words)
    assert [counted[f"reason={name}"] for name in names] == [300] * 3
    assert [counted[f"active_runs={number}"] for number in range(300)] == [3] * 300
    # No write was parted by another one, nor by a rotation.
    assert all(word.startswith("active_runs=") for lines in files for word in [line.split()[-1] for line in lines][::2])


def test_a_line_that_was_cut_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    (tmp_path / "auto_issue_processor.log").write_text("2025-07-21 10:40:02,001 INFO AutoIssueProcessor ISSUE_PRO")
    with EventLog(Logs(directory=tmp_path)) as log:
        log.write(service_lines.service_draining(4))
        cut, whole = log.path.read_text().splitlines()
    assert cut.endswith("ISSUE_PRO")
    assert whole.endswith(" INFO AutoIssueProcessor SERVICE_DRAINING active_runs=4")


def test_a_log_that_cannot_be_opened_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(ResourceError) as caught:
        EventLog(Logs(directory=tmp_path / "logs"))
    assert str(caught.value) == (
        f"{tmp_path}/logs/auto_issue_processor.log cannot be opened for writing (File exists); make it writable for "
        "this user, or set logs.directory in auto_issue_processor.yaml"
    )


def test_lost_lines_are_told_on_stdout_and_fail_nothing(tmp_path: Path, written: Written) -> None:
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream)
    folder = tmp_path / "logs"
    with EventLog(Logs(directory=folder)) as log:
        log.path.unlink()
        folder.rmdir()
        folder.write_text("a file")
        log.write(*run_finished(_run(1, Outcome.SUCCESS)))
    (event,) = written.events()
    assert (event["event"], event["level"], event["lines"]) == ("event_line.lost", "error", 3)
    assert "File exists" in event["reason"]


def test_a_secret_in_a_message_is_masked(tmp_path: Path) -> None:
    token = "ghp_" + "ERROR" * 8
    with EventLog(Logs(directory=tmp_path)) as log:
        log.write(*run_finished(_run(1, Outcome.ERROR, error_type=ErrorType.GIT, message=f"bad {token}")))
        assert 'message="bad ***"' in log.path.read_text()

"""What is read from the real things: log files, packages, the ledger; what cannot be read is unknown."""

import gzip
import json
import platform
import time
from dataclasses import replace
from datetime import datetime

import pytest
from packaging.requirements import Requirement

from processor.checklists.going_through import go_through
from processor.checklists.items import ITEMS, items_of
from processor.checklists.judging.system_health import system_status
from processor.checklists.readings.host import list_log_files, read_loads, read_log_errors
from processor.checklists.readings.packages import Newer, Outdated, needed_by, parse_outdated
from processor.checklists.readings.services import read_services
from processor.checklists.sources import Sources
from processor.checklists.words import Words
from processor.errors import NetworkError, ResourceError
from processor.ledger import incidents
from processor.ledger.incidents import AlertNotice, AlertStatus
from processor.model import Checklist, Outcome
from processor.settings.sections import Logs, MainFile, Settings, State
from tests.new_ledger import new_ledger
from tests.reports.scene import Scene


@pytest.fixture
def ledger(tmp_path):
    opened = new_ledger(State(directory=tmp_path / "state"))
    yield opened
    opened.close()


@pytest.fixture
def sources(tmp_path, ledger):
    main = MainFile(state=State(directory=tmp_path / "state"), logs=Logs(directory=tmp_path / "logs"))
    (tmp_path / "logs").mkdir()
    return Sources(ledger, Settings(main=main), time.time(), lambda: Outdated(1, ()))


def yesterday(sources: Sources, hour: int = 12) -> str:
    """Give a moment of yesterday as a log of this machine writes it."""
    moment = datetime.fromtimestamp(sources.day().start + 3600 * hour)  # noqa: DTZ006  # the log has local time
    return f"{moment:%Y-%m-%d %H:%M:%S},123"


def test_errors_of_yesterday_are_counted_in_every_file_of_the_log(sources):
    logs = sources.settings.main.logs.directory
    day = yesterday(sources)
    (logs / "auto_issue_processor.log").write_text(
        f"{day} INFO AutoIssueProcessor ISSUE_PROCESSED title=ERROR\n{day} ERROR AutoIssueProcessor agent_exit run=1\n"
        f"{yesterday(sources, -1)} ERROR AutoIssueProcessor network run=0\n"
        f"{yesterday(sources, 25)} ERROR AutoIssueProcessor network run=2\nERROR of nobody\n",
        encoding="utf-8",
    )
    with gzip.open(logs / "auto_issue_processor.log.1.gz", "wt", encoding="utf-8") as file:
        file.write(
            f"{day} ERROR AutoIssueProcessor agent_exit run=3\n{day} ERROR AutoIssueProcessor github_api run=4\n"
        )
    assert read_log_errors(sources) == {"agent_exit": 2, "github_api": 1}


def test_a_log_that_is_not_there_is_no_log_without_errors(sources):
    assert read_log_errors(sources) is None


def test_the_use_of_each_host_is_that_of_the_last_hour(sources, ledger):
    (here,) = read_loads(sources)
    assert here.host == platform.node()
    assert 0 < here.memory < 1
    scene, now = Scene(ledger), sources.now
    scene.carry("host-a", {now - 60: 0.2, now: 0.6, now - 8000: 1.0})
    scene.carry("host-b", {now: 0.9})
    assert [(one.host, round(one.cpu, 6), one.disk) for one in read_loads(sources)] == [
        ("host-a", 0.4, 0.5), ("host-b", 0.9, 0.5),
    ]  # fmt: skip


def test_only_files_of_the_rotation_count(sources):
    logs = sources.settings.main.logs.directory
    for name in (
        "auto_issue_processor.log",
        "auto_issue_processor.log.1",
        "auto_issue_processor.log.2.gz",
        "other.log",
    ):
        (logs / name).write_bytes(b"x" * 7)
    (logs / "auto_issue_processor.log.3").symlink_to(logs / "other.log")
    current, rotated = list_log_files(sources)
    assert (current.size_bytes, [one.name for one in rotated]) == (7, ["auto_issue_processor.log.1"])


def test_the_packages_of_this_installation_are_those_that_it_needs():
    needed = needed_by("auto-issue-processor-a2a")
    assert {"auto-issue-processor-a2a", "sqlalchemy", "pygithub"} <= needed.keys()
    assert needed_by("no-such-distribution") == {}


def test_what_pip_says_of_other_packages_is_left_out():
    said = json.dumps([
        {"name": "SQLAlchemy", "version": "2.0.1", "latest_version": "2.1.0"},
        {"name": "somebody-elses", "version": "1", "latest_version": "2"},
    ])  # fmt: skip
    assert parse_outdated(said, {"sqlalchemy": ()}) == (Newer("SQLAlchemy", "2.0.1", "2.1.0"),)
    with pytest.raises(ResourceError, match="pip does not list"):
        parse_outdated("no JSON", {})


@pytest.mark.parametrize(("newest", "held_by"), [("3.4.9", ()), ("3.5.0", ("ours",)), ("1!3.4.1", ("ours",))])
def test_a_newer_version_that_a_requirement_refuses_is_held_back(newest, held_by):
    said = json.dumps([{"name": "dbos", "version": "3.4.1", "latest_version": newest}])
    ours = {"ours": (Requirement("DBOS==3.4.*"),), "dbos": ()}
    assert parse_outdated(said, ours) == (Newer("dbos", "3.4.1", newest, held_by),)


def test_each_item_has_a_verdict_on_an_empty_ledger(sources):
    found = go_through(ITEMS, sources)
    assert list(found) == [item.name for item in ITEMS]
    assert all(one.evidence or one.reasons for one in found.values())
    assert not any(one.error for one in found.values())
    assert {name for name, one in found.items() if one.status == "ok"} >= {
        "processed_count",
        "queue",
        "cache",
        "database",
    }


def test_without_an_index_of_packages_the_item_says_so(sources):
    def away() -> Outdated:
        raise NetworkError("pip could not ask its package index")

    found = go_through(items_of(Checklist.WEEKLY, "maintenance"), replace(sources, outdated=away))
    assert found["dependencies"].status == "unknown"
    assert Words("ja").why(found["dependencies"]).startswith("pip がパッケージインデックスに接続できません")
    assert found["database"].status == "ok"


def test_an_error_of_one_reading_is_told_and_stops_no_other(sources):
    def broken() -> Outdated:
        raise ResourceError("pip does not list what is outdated")

    found = go_through(items_of(Checklist.WEEKLY, "maintenance"), replace(sources, outdated=broken))
    assert (found["dependencies"].status, Words("en").why(found["dependencies"])) == (
        "unknown", "pip does not list what is outdated",
    )  # fmt: skip
    assert found["database"].status == "ok"


def test_the_week_before_the_ledger_began_lacks_no_report(sources, ledger):
    (item,) = (one for one in ITEMS if one.name == "weekly_report")
    assert go_through([item], sources)["weekly_report"].status == "ok"
    Scene(ledger).begin(sources.week().end - 1)
    assert go_through([item], sources)["weekly_report"].status == "failed"


def test_the_numbers_of_the_day_before_are_those_of_the_ledger(sources, ledger):
    scene, noon = Scene(ledger), sources.day().start + 43_200
    for outcome in (Outcome.SUCCESS, Outcome.SUCCESS, Outcome.ERROR, Outcome.REJECTED):
        scene.finish(noon, outcome)
    scene.finish(noon - 86_400, Outcome.ERROR)
    scene.carry("host-a", {sources.now: 0.5})
    found = go_through(items_of(Checklist.DAILY), sources)
    rate = {one.name: one.value for one in found["success_rate"].evidence}
    assert rate == {"success_rate": 50.0, "processed": 4, "failed_runs": 1, "rejected_runs": 1}
    assert [one.text.split(" ")[0] for one in found["gate_failures"].see] == ["octo/hello#4"]
    assert len(found["pull_request_quality"].see) == 2


def test_alerts_that_nobody_tells_are_no_data_and_not_0(sources):
    def alerts_firing() -> tuple[object, list[str]]:
        verdict = system_status(read_services(sources), sources.settings.main.checklists.limits)
        numbers = {one.name: one.value for one in verdict.evidence}
        return numbers["alerts_firing"], [reason.name for reason in verdict.reasons]

    watchdog = AlertNotice(
        fingerprint="w",
        alert="Watchdog",
        severity="none",
        labels={},
        annotations={},
        status=AlertStatus.FIRING,
        starts_at=1000.0,
        ends_at=None,
    )
    assert alerts_firing() == (None, ["no_alertmanager"])
    with sources.ledger.write() as db:
        incidents.record(db, watchdog, sources.now - 10 * 3600)
    assert alerts_firing() == (None, ["no_alertmanager"])
    with sources.ledger.write() as db:
        incidents.record(db, watchdog, sources.now - 3600)
    assert alerts_firing() == (0, [])

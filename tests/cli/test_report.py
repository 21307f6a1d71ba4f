"""`aip report`: any closed day or week, in four formats and two languages."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from processor.alerting.drill.loopback import Reply, serving
from tests.reports.scene import Scene
from tests.zones import noon_zone


@pytest.fixture
def yesterday(office, ledger):
    """A run that ended yesterday at noon, where the installation is; gives the date of that day."""
    zone = noon_zone()
    office.write_settings(timezone=zone)
    noon = datetime.now(ZoneInfo(zone)).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    told = Scene(ledger)
    told.begin(noon.timestamp() - 86_400)
    told.finish(noon.timestamp(), seconds=40)
    return noon.date()


def test_the_json_has_the_keys_and_units_of_the_handbook(aip, yesterday):
    said = aip("report", "daily", "--json")
    assert said.code == 0
    assert said.json["date"] == yesterday.isoformat()
    assert said.json["summary"] == {
        "total_issues_processed": 1, "success_rate": 100.0, "avg_processing_time": 40.0, "errors_count": 0,
        "remark": None,
    }  # fmt: skip
    assert {"issues_breakdown", "performance", "errors", "recommendations"} <= said.json.keys()
    assert aip("report", "daily", "--format", "json").json | {"made_at": ""} == said.json | {"made_at": ""}


def test_a_file_has_the_name_of_the_handbook(aip, yesterday, office):
    said = aip("report", "daily", "--format", "json", "--output", "reports")
    path = office.root / "reports" / f"daily_report_{yesterday:%Y%m%d}.json"
    assert (said.code, said.out) == (0, f"reports/{path.name}\n")
    assert json.loads(path.read_text(encoding="utf-8"))["summary"]["total_issues_processed"] == 1
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("format_", "language", "expected"),
    [
        ("text", "en", "Success rate  100%"),
        ("text", "ja", "成功率        100%"),
        ("markdown", "en", "- Success rate: **100%** (goal 85%)"),
        ("html", "ja", "<span>成功率</span>"),
    ],
)
def test_it_is_written_for_people_in_both_languages(aip, yesterday, format_, language, expected):
    said = aip("report", "daily", "--date", yesterday.isoformat(), "--format", format_, "--language", language)
    assert said.code == 0
    assert expected in said.out


def test_the_language_is_that_of_the_settings(aip, yesterday, office):
    office.write_settings(alerting={"language": "ja"})
    assert f"日次レポート {yesterday}" in aip("report", "daily").out
    office.write_settings(reports={"language": "en"})
    assert f"{yesterday}" in aip("report", "daily").out.splitlines()[0]
    assert "Daily report" in aip("report", "daily").out


def test_a_week_is_named_by_any_of_its_days(aip, yesterday):
    last_monday = yesterday - timedelta(days=yesterday.weekday() + 7)
    said = aip("report", "weekly", "--date", str(last_monday + timedelta(days=3)), "--json")
    assert said.json["date"] == last_monday.isoformat()
    assert said.json["summary"]["remark"] in {None, "no data"}


@pytest.mark.parametrize(
    ("day", "complaint"),
    [
        ("26-11-2026", "aip: --date 26-11-2026 is no date; write it as YYYY-MM-DD, such as 2026-11-26\n"),
        ("2999-01-01", "aip: the day 2999-01-01 is not over in Etc/GMT"),
    ],
)
@pytest.mark.usefixtures("yesterday")
def test_a_wrong_date_is_wrong_usage(aip, day, complaint):
    said = aip("report", "daily", "--date", day)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(complaint)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--json", "--format", "html"), "aip: --json and --format html exclude each other; use one of them\n"),
        (("--send", "--output", "reports"), "aip: --send and --output exclude each other; use one of them\n"),
    ],
)
@pytest.mark.usefixtures("yesterday")
def test_words_that_exclude_each_other_are_wrong_usage(aip, words, complaint):
    said = aip("report", "daily", *words)
    assert (said.code, said.out, said.err) == (2, "", complaint)


def test_a_folder_that_cannot_be_written_is_one_clear_error(aip, yesterday, office):
    (office.root / "reports").write_text("a file", encoding="utf-8")
    said = aip("report", "daily", "--output", "reports")
    assert said.code == 1
    assert said.err.startswith(f"aip: reports/daily_report_{yesterday:%Y%m%d}.txt cannot be written (File exists)")
    assert "Traceback" not in said.err


@pytest.mark.usefixtures("office")
def test_without_a_ledger_there_is_no_report(aip):
    said = aip("report", "daily")
    assert said.code == 1
    assert "there is no ledger at" in said.err


@pytest.mark.usefixtures("yesterday")
def test_a_report_can_be_sent_at_once_to_see_whether_it_arrives(aip, office, tmp_path):
    said = aip("report", "daily", "--send")
    assert (said.code, said.err) == (
        2, "aip: there is no channel to send it on; set reports.email.enabled or reports.webhook.enabled\n"
    )  # fmt: skip
    status = [200, 500]
    with serving(lambda _request: Reply(status.pop(0))) as place:
        (tmp_path / "url").write_text(f"http://{place}/hook", encoding="utf-8")
        office.write_settings(reports={"webhook": {"enabled": True, "url_file": str(tmp_path / "url")}})
        assert aip("report", "weekly", "--send").out == "webhook: delivered\n"
        said = aip("report", "daily", "--send")
    assert said.code == 1
    assert said.err.startswith("aip: 127.0.0.1 answered 500 to the report")

"""Every format that the original system left is read, whatever happened to the files since."""

import gzip
import json
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.ledger.imports import Claim, ImportedRun
from processor.operations.legacy import json_rows
from processor.operations.legacy.findings import Findings
from processor.operations.legacy.same_runs import same_runs
from processor.operations.legacy.survey import Survey, Surveyor
from tests.operations import old_installation
from tests.operations.old_installation import put

TOKYO = ZoneInfo("Asia/Tokyo")
EVERY_KIND = {
    "aggregate": 1,
    "alert": 2,
    "daily_report": 1,
    "error_patterns": 1,
    "fatal_error": 1,
    "health": 2,
    "issue_patterns": 1,
    "lock": 1,
    "log_error": 1,
    "metric": 1,
    "pr_quality": 1,
    "quality_assessment": 1,
    "reopened": 1,
    "security_audit": 1,
    "stats": 1,
}


def survey(folder: Path, *, encoding: str | None = None) -> Survey:
    surveyor = Surveyor("octo/hello", TOKYO, encoding)
    surveyor.read(folder)
    return surveyor.survey


def found(folder: Path) -> Findings:
    return survey(folder).findings


def refused(folder: Path) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.reason) for one in found(folder).rejected]


def tokyo(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "old"
    made.mkdir()
    return made


def test_every_format_is_read_and_nothing_is_refused(folder):
    found_ = found(old_installation.write(folder))
    assert found_.rejected == []
    assert found_.not_read == ["auto_fixes/issue_83_fix.md"]
    assert Counter(record.kind for record in found_.records.values()) == EVERY_KIND
    assert Counter(run.source for run in found_.runs.values()) == {
        "metrics_db": 3,
        "log": 7,
        "csv_export": 1,
        "reopened": 1,
        "processing_json": 2,
    }


def test_a_log_tells_how_each_run_went(folder):
    put(folder / "a.log", old_installation.OLD_LOG + old_installation.OURS)
    put(folder / "b.log", old_installation.CONTRACT_LOG + old_installation.CRON_LOG)
    runs = {run.issue: run for run in found(folder).runs.values()}
    assert {number: (str(run.claimed), run.seconds, run.pull_request) for number, run in runs.items()} == {
        83: ("success", 36.1, 253),
        84: ("error", None, None),
        25: ("skipped", None, 107),
        90: ("unknown", None, None),
        123: ("success", 45.2, 456),
        124: ("error", None, None),
        60: ("success", None, 160),
    }
    assert runs[83].started_at == tokyo("2025-07-22T12:57:05")
    assert runs[83].finished_at == tokyo("2025-07-22T12:57:41")
    assert runs[83].title == old_installation.TITLE
    assert (runs[123].priority, runs[84].error_message) == ("medium", "コミット失敗")


def test_a_secret_in_an_old_message_is_not_taken_over(folder):
    put(folder / "a.log", old_installation.OLD_LOG.replace("❌ コミット失敗", "tried"))
    (run,) = [run for run in found(folder).runs.values() if run.issue == 84]
    assert run.error_message == "git exited with 128, token ***"


def test_rows_of_the_database_are_paired(folder):
    rows = old_installation.DATABASE_ROWS
    old_installation.database(folder / "m.db", [*rows, rows[1]])
    found_ = found(folder)
    runs = {run.issue: run for run in found_.runs.values()}
    assert {number: str(run.claimed) for number, run in runs.items()} == {83: "success", 84: "error", 91: "unknown"}
    assert (runs[83].seconds, runs[83].pull_request, runs[83].priority) == (36.1, 253, "high")
    assert found_.repeated == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({0: "yesterday"}, "processing_metrics: timestamp is 'yesterday', not a date with time"),
        ({0: None}, "processing_metrics: timestamp is None, not a date with time"),
        ({0: "0001-01-01T00:00:00"}, "processing_metrics: timestamp is '0001-01-01T00:00:00', which cannot be"),
        ({1: "x"}, "processing_metrics: issue_number is 'x', not the number of an issue"),
        ({1: -1}, "processing_metrics: issue_number is -1, not the number of an issue"),
        ({2: "done"}, "processing_metrics: processing_status is 'done', not started, completed, failed, skipped"),
        ({3: "fast"}, "processing_metrics: processing_time_seconds is 'fast', not a number of seconds"),
        ({3: -2.0}, "processing_metrics: processing_time_seconds is -2.0, not a number of seconds"),
    ],
)
def test_a_row_of_wrong_types_is_refused_with_its_number(folder, change, reason):
    rows = [list(row) for row in old_installation.DATABASE_ROWS]
    for place, value in change.items():
        rows[1][place] = value
    old_installation.database(folder / "m.db", [tuple(row) for row in rows])
    assert refused(folder) == [("m.db", 2, reason)]
    assert len(found(folder).runs) == 3


def test_a_database_that_is_none_or_is_cut_short_is_refused_as_a_whole(folder):
    (folder / "garbage.db").write_bytes(random.Random(1).randbytes(5000))  # noqa: S311  # any bytes do
    old_installation.database(folder / "cut.db", old_installation.DATABASE_ROWS * 200)
    whole = (folder / "cut.db").read_bytes()
    (folder / "cut.db").write_bytes(whole[: len(whole) // 2])
    old_installation.database(folder / "whole.db", old_installation.DATABASE_ROWS)
    files = {file for file, _, _ in refused(folder)}
    assert files == {"garbage.db", "cut.db"}
    assert len(found(folder).runs) >= 3


def test_objects_of_a_json_file_that_is_cut_short_are_kept(folder):
    text = json.dumps(old_installation.JSON["logs/auto_issue_processing.json"], indent=2)
    put(folder / "a.json", text[:-30])
    assert refused(folder) == [("a.json", 6, "is an object that is damaged or cut short")]
    assert [run.issue for run in found(folder).runs.values()] == [83]


def test_json_lines_are_read_whatever_the_file_is_called(folder):
    line = json.dumps({"issue_id": 5, "timestamp": "2025-07-22T12:57:04"})
    put(
        folder / "auto_issue_processing.json",
        f"{line}\n{line}\n" + '{"issue_id": 6, "time\n' + line.replace("5,", "7,"),
    )
    found_ = found(folder)
    assert sorted(run.issue for run in found_.runs.values()) == [5, 7]
    assert (found_.repeated, [one.line for one in found_.rejected]) == (1, [3])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"type": "metric", "metric_name": "x", "value": "much"}', "value of metric is 'much', not int or float"),
        ('{"type": "metric", "metric_name": "x", "value": true}', "value of metric is True, not int or float"),
        ('{"hello": 1}', "is no object that is known; it has hello"),
        ("{}", "is no object that is known; it has no keys"),
        ('{"issue_id": 0, "timestamp": "2025-07-22T12:57:04"}', "issue_id is 0, not the number of an issue"),
        ('{"issue_id": 4, "timestamp": "never"}', "timestamp is 'never', not a date with time"),
        ('{"issue_id": 4, "times', "is no JSON (Unterminated string starting at at character 17)"),
        ("{" * 50_000, "is nested too deep"),
    ],
)
def test_a_wrong_line_is_refused_with_its_reason(folder, line, reason):
    put(folder / "some.log", "hello\n" + line + "\n")
    if line.startswith("{{"):  # what Python says of it depends on its version
        assert [(file, number) for file, number, _ in refused(folder)] == [("some.log", 2)]
    else:
        assert refused(folder) == [("some.log", 2, reason)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_encodings_are_told_apart(folder, encoding):
    text = old_installation.OLD_LOG.encode(encoding, "ignore").decode(encoding)
    (folder / "a.log").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    runs = {run.issue: run.seconds for run in found(folder).runs.values()}
    assert runs == {83: 36.1, 84: None, 25: None, 90: None}
    assert found(folder).damaged == 0


def test_an_encoding_that_is_named_is_taken(folder):
    (folder / "a.log").write_bytes("[2025-07-20 17:51:02] Issue #7 処理開始: ｶﾅ\n".encode("cp932"))
    (run,) = survey(folder, encoding="cp932").findings.runs.values()
    assert run.title == "ｶﾅ"


def test_rotated_logs_are_one_story_the_oldest_first(folder):
    lines = old_installation.OLD_LOG.splitlines(keepends=True)
    (folder / "a.log.2.gz").write_bytes(gzip.compress("".join(lines[:1]).encode()))
    put(folder / "a.log.1", "".join(lines[1:3]))
    put(folder / "a.log", "".join(lines[3:4]))
    (run,) = found(folder).runs.values()
    assert (run.issue, run.pull_request, run.seconds, run.place) == (83, 253, 36.1, "a.log.2.gz:1")


def test_a_compressed_log_that_is_cut_short_gives_what_is_there(folder):
    packed = gzip.compress(old_installation.CONTRACT_LOG.encode())
    (folder / "a.log.gz").write_bytes(packed[:-12])
    assert refused(folder) == [("a.log.gz", 0, "the compressed data ends too early; what is there is read")]
    assert 123 in {run.issue for run in found(folder).runs.values()}


def test_a_backup_holds_the_same_and_adds_nothing(folder, tmp_path):
    old_installation.write(folder)
    before = found(folder)
    old_installation.backup(folder, tmp_path / "aip_backup_20250722.tar.gz")
    (tmp_path / "aip_backup_20250722.tar.gz").rename(folder / "aip_backup_20250722.tar.gz")
    after = found(folder)
    assert (after.runs.keys(), after.records.keys()) == (before.runs.keys(), before.records.keys())
    assert after.rejected == []
    assert after.repeated > 0


def test_a_row_that_no_format_knows_hinders_no_other_file(folder):
    old_installation.write(folder)
    put(folder / "reports/daily_report_20250722.json", "[1, null, []]")
    put(folder / "reports/daily_report_20250723.json", '"text"')
    put(folder / "reports/daily_report_20250724.json", "\n")
    put(folder / "export.csv", "timestamp,issue_number,issue_title,status,processing_time\n1,2\nx,84,t,failed,2\n")
    assert refused(folder) == [
        ("export.csv", 2, "has 2 columns, not 5"),
        ("export.csv", 3, "timestamp is 'x', not a date with time"),
        ("reports/daily_report_20250722.json", 1, "is no object"),
        ("reports/daily_report_20250722.json", 1, "is no object"),
        ("reports/daily_report_20250722.json", 1, "is no object"),
        ("reports/daily_report_20250723.json", 1, "is no object and no array"),
        ("reports/daily_report_20250724.json", 1, "is empty"),
    ]


def test_what_this_service_wrote_under_the_old_names_is_left_out(folder):
    report = {"date": "2026-11-23", "summary": {}, "starts_at": "x", "made_at": "y"}
    put(folder / "reports/daily_report_20261123.json", json.dumps(report))
    kept = {"recent_issues": [1], "success_rate": None, "updated_at": "x", "issues": []}
    put(folder / "logs/auto_issue_processing.json", json.dumps(kept))
    put(folder / "logs/auto_issue_processor.log", old_installation.OURS)
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
        ledger.execute("CREATE TABLE runs(run_id)")
    found_ = found(folder)
    assert (found_.runs, found_.records, found_.rejected) == ({}, {}, [])
    assert (found_.rows, found_.not_read) == ({"of this service": 3}, ["ledger.sqlite"])


def test_several_files_that_saw_a_run_tell_of_one(folder):
    runs = found(old_installation.write(folder)).runs
    linked = same_runs(runs.values())
    standing = sorted(runs[identity].issue for identity, same in linked.items() if same is None)
    assert standing == [25, 60, 70, 74, 83, 84, 90, 91, 123, 124]
    for identity, same in linked.items():
        assert same is None or (runs[same].issue == runs[identity].issue and linked[same] is None)
    assert {runs[identity].source for identity, same in linked.items() if same} == {
        "log",
        "csv_export",
        "processing_json",
    }


@pytest.mark.parametrize(("apart", "stands_for"), [(120, "a"), (121, None)])
def test_sightings_within_two_minutes_are_of_one_run(apart, stands_for):
    one = ImportedRun(
        identity="a", source="metrics_db", place="x:1", repository="octo/hello", issue=7,
        claimed=Claim.SUCCESS, started_at=1_000.0, finished_at=1_050.0,
    )  # fmt: skip
    other = replace(one, identity="b", source="log", started_at=1_050.0 + apart, finished_at=None)
    assert same_runs([one, other]) == {"a": None, "b": stands_for}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    name=st.sampled_from([*old_installation.JSON, *old_installation.JSON_LINES]),
    share=st.floats(0, 1),
    lost=st.integers(0, 20),
    noise=st.binary(max_size=20),
)
def test_no_damage_stops_an_import(tmp_path_factory, name, share, lost, noise):
    folder = tmp_path_factory.mktemp("damaged")
    values = old_installation.JSON_LINES.get(name, [old_installation.JSON.get(name)])
    whole = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()
    at = round(share * len(whole))
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(whole[:at] + noise + whole[at + lost :])
    found_ = found(folder)
    assert all(one.file == name and one.reason for one in found_.rejected)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8)
    | st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9)))
)
def test_rows_of_any_json_are_its_objects(value):
    rows = list(json_rows.rows(json.dumps(value, indent=2)))
    items = value if isinstance(value, list) else [value]
    assert [row.value for row in rows] == [item if isinstance(item, dict) else None for item in items]

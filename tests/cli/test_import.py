"""`aip import` takes over what the original system left, apart from our own runs, and doubts its claims."""

import json
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection

from processor.ledger import queries
from processor.model import Outcome
from tests.operations import old_installation

REPOSITORY = "octo/hello"


@pytest.fixture
def old(tmp_path):
    return old_installation.write(tmp_path / "old")


def ours(db: Connection) -> dict[str, Any]:
    """Everything that lists, reports and metrics are made of."""
    snapshot = queries.read_snapshot(db)
    return {
        "totals": snapshot.totals,
        "last": snapshot.last_outcomes,
        "dead": snapshot.dead_letter_issues,
        "born": snapshot.born_at,
        "recent": queries.recent_runs(db, 100),
        "period": queries.period_summary(db, 0, 4e9),
        "durations": list(queries.durations(db, None, "")),
        "incidents": queries.incidents_between(db, 0, 4e9),
        "opened": queries.pull_requests_opened_since(db, REPOSITORY, 0),
        "mean": queries.mean_duration_seconds(db),
    }


def test_what_is_taken_over_is_in_no_number_of_ours(aip, old, scene, ledger):
    scene.finish(1)
    scene.finish(83, Outcome.ERROR)
    with ledger.read() as db:
        before = ours(db)
    said = aip("import", "legacy", str(old), "--json")
    assert said.code == 0
    assert said.json["runs"]["new"] == 14
    assert said.json["records"]["new"] == 17
    assert (said.json["seen"]["log"], said.json["seen"]["metrics_db"]) == (7, 3)
    with ledger.read() as db:
        assert ours(db) == before
    assert aip("queue", "list", "--all", "--json").json["finished"][0]["issue"] == "octo/hello#83"
    assert aip("audit", "--json").json["acts"][0]["action"] == "import.legacy"


def test_a_second_import_adds_nothing(aip, old, ledger):
    aip("import", "legacy", str(old))
    first = aip("import", "list", "--limit", "100", "--json").json
    again = aip("import", "legacy", str(old), "--json").json
    assert (again["runs"]["new"], again["runs"]["known"]) == (0, 14)
    assert (again["records"]["new"], again["records"]["known"]) == (0, 17)
    assert aip("import", "list", "--limit", "100", "--json").json == first
    with ledger.read() as db:
        assert len(queries.audit_trail(db)) == 1


def test_an_end_that_came_since_completes_the_run(aip, old, ledger):
    log = old / "logs/auto_issue_processor.log"
    aip("import", "legacy", str(old))
    more = "2025-07-22 13:31:00,000 - A - INFO - ✅ イシュー #90 の処理が完了しました\n"
    log.write_text(log.read_text(encoding="utf-8") + more, encoding="utf-8")
    said = aip("import", "legacy", str(old), "--json").json
    assert (said["runs"]["new"], said["runs"]["completed"]) == (0, 1)
    listed = aip("import", "list", "--limit", "100", "--json").json["listed"]
    assert [run["claimed"] for run in listed if run["issue"] == 90] == ["success"]
    assert ledger is not None


@pytest.mark.usefixtures("office")
def test_a_dry_run_writes_nothing_at_all(aip, old, office):
    before = sorted(office.root.rglob("*"))
    said = aip("import", "legacy", str(old), "--dry-run", "--json")
    assert (said.code, said.json["is_dry_run"], said.json["runs"]["new"]) == (0, True, 14)
    assert sorted(office.root.rglob("*")) == before


@pytest.mark.usefixtures("ledger")
def test_a_dry_run_tells_what_is_known_already(aip, old):
    aip("import", "legacy", str(old))
    assert aip("import", "legacy", str(old), "--dry-run", "--json").json["runs"]["known"] == 14


@pytest.mark.usefixtures("ledger")
def test_refused_rows_settings_and_alert_rules_are_written_for_people(aip, old, office):
    old_installation.put(old / "logs/bad.log", '{"hello": 1}\n')
    said = aip("import", "legacy", str(old))
    made = office.root / "imported"
    assert json.loads((made / "rejected.jsonl").read_text()) == {
        "file": "logs/bad.log",
        "line": 1,
        "reason": "is no object that is known; it has hello",
        "excerpt": '{"hello": 1}',
    }
    assert "logs/bad.log:1: is no object that is known; it has hello" in said.err
    assert yaml.safe_load((made / "auto_issue_processor.yaml").read_text())["max_parallel"] == 5
    assert "ImportedHighErrorRate" in (made / "imported_rules.yml").read_text()
    assert ".env: GITHUB_TOKEN is a secret and was not copied" in said.err
    assert "ghp_" not in said.out + said.err + "".join(path.read_text() for path in made.iterdir())


@pytest.mark.usefixtures("ledger")
def test_a_written_file_that_somebody_worked_on_is_kept(aip, old, office):
    aip("import", "legacy", str(old))
    mine = office.root / "imported/auto_issue_processor.yaml"
    mine.write_text("# mine\n")
    aip("import", "legacy", str(old))
    assert mine.with_name("auto_issue_processor.yaml.old").read_text() == "# mine\n"


@pytest.mark.usefixtures("ledger")
def test_faults_of_alert_rules_are_told_and_hinder_nothing(aip, old):
    old_installation.put(old / "configs/alert_rules.yaml", "rules: 3\n")
    said = aip("import", "legacy", str(old), "--json")
    assert said.code == 0
    (fault,) = [one for one in said.json["settings"]["left"] if one["key"] == "rules"]
    place, _, problem = fault["reason"].partition(": ")
    assert place == "configs/alert_rules.yaml:1:8"
    assert problem == "rules: holds no list of rules; write `rules:` and a list below it"


def test_totals_take_the_runs_once_when_asked(aip, old, scene, ledger):
    scene.finish(1)
    with ledger.read() as db:
        born = queries.born_at(db)
    assert aip("import", "legacy", str(old), "--into-totals", "--json").json["counted_into_totals"] == 6
    assert aip("import", "legacy", str(old), "--into-totals", "--json").json["counted_into_totals"] == 0
    with ledger.read() as db:
        runs = {
            (total.labels["priority"], total.labels["outcome"]): total.value
            for total in queries.totals_of(db, queries.families.RUNS)
        }
        assert queries.born_at(db) > born
    assert runs == {
        ("high", "success"): 2,
        ("high", "error"): 1,
        ("medium", "success"): 3,
        ("medium", "error"): 1,
    }


def test_claims_are_held_against_github(aip, online, forge, old, ledger):
    forge.commit_files(REPOSITORY, {"a.md": "a\n"}, branch="auto-fix/issue-83-101010")
    about = forge.open_pull(REPOSITORY, title="Auto-fix: T (#83)", head="auto-fix/issue-83-101010", author="octo")
    forge.merge_pull(REPOSITORY, about.issue.number, actor="octo")
    forge.commit_files(REPOSITORY, {"b.md": "b\n"}, branch="something")
    other = forge.open_pull(REPOSITORY, title="Else (#1230)", head="something", author="octo")
    log = old_installation.OLD_LOG.replace("#253", f"#{about.issue.number}").replace("/253", f"/{about.issue.number}")
    old_installation.put(old / "logs/auto_issue_processor.log", log)
    old_installation.put(
        old / "logs/more.log",
        old_installation.CONTRACT_LOG.replace("pr=456", f"pr={other.issue.number}")
        + "2025-07-22 18:00:00,000 - A - INFO - ✅ イシュー #5 の処理が完了しました\n",
    )
    for name in ("auto_issue_metrics.db", "contract.log.gz"):
        (old / "logs" / name).unlink()
    assert aip("import", "legacy", str(old), "--into-totals", "--json").json["counted_into_totals"] == 7
    said = aip("import", "legacy", str(old), "--verify", "--repository", REPOSITORY)
    assert said.code == 0, said.err
    acts = [one for one in aip("audit", "--json").json["acts"] if one["action"] == "import.corrected"]
    assert {one["target"]: one["reason"] for one in acts}["octo/hello#123"] == "its success is other on GitHub"
    assert len(acts) == 4
    line = next(line for line in said.out.splitlines() if line.startswith("GitHub shows"))
    assert line.split(maxsplit=2)[2] == (
        "4 of 5 claimed successes are false (2 absent, 1 merged, 1 other, 1 unnamed); 4 runs put right in the totals"
    )
    verdicts = {run["issue"]: run["verdict"] for run in aip("import", "list", "--json").json["listed"]}
    assert (verdicts[83], verdicts[123], verdicts[60], verdicts[5]) == ("merged", "other", "absent", "unnamed")
    with ledger.read() as db:
        outcomes = [(total.labels["outcome"], total.value) for total in queries.totals_of(db, queries.families.RUNS)]
    assert sum(value for outcome, value in outcomes if outcome == "success") == 1
    assert online is not None


@pytest.mark.usefixtures("ledger")
def test_the_list_tells_what_was_taken_over(aip, old):
    assert aip("import", "list").out == "nothing was taken over; `aip import legacy DIR` does it\n"
    aip("import", "legacy", str(old))
    lines = aip("import", "list").out.splitlines()
    assert lines[0] == "runs: 2 error, 1 skipped, 4 success, 3 unknown"
    assert lines[2].split()[:3] == ["WHEN", "ISSUE", "CLAIMED"]
    assert (
        "no holiday was taken over; --kind takes one of aggregate, alert,"
        in aip("import", "list", "--kind", "holiday").err
    )
    (report,) = aip("import", "list", "--kind", "daily_report", "--json").json["listed"]
    assert json.loads(report["content"]) == old_installation.JSON["reports/daily_report_20250721.json"]


def test_old_times_are_of_the_zone_that_is_named(aip, old, ledger):
    aip("import", "legacy", str(old), "--timezone", "UTC")
    run = next(run for run in aip("import", "list", "--json").json["listed"] if run["issue"] == 123)
    assert run["finished_at"] == pytest.approx(1753093890.46)
    assert ledger is not None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "nowhere is no folder; name the one that holds logs/ and configs/ of the original system"),
        (("old", "--timezone", "Mars"), "'Mars' is no time zone; write one such as Asia/Tokyo"),
        (("old", "--encoding", "x"), "'x' is no encoding; write one such as utf-8, cp932 or euc_jp"),
        (
            ("old", "--dry-run", "--verify"),
            "a dry run writes nothing; leave out --verify and --into-totals, or --dry-run",
        ),
        (("old", "--repository", "hello"), "'hello' is not a repository; write OWNER/REPO, such as octo/hello"),
    ],
)
@pytest.mark.usefixtures("office", "old")
def test_wrong_usage_is_said_with_the_remedy(aip, words, message):
    said = aip("import", "legacy", *words)
    assert (said.code, said.out, said.err) == (2, "", f"aip: {message}\n")


@pytest.mark.usefixtures("old")
def test_a_repository_has_to_be_known(aip, office, old):
    office.write_settings(repositories=[])
    (old / ".env").unlink()
    said = aip("import", "legacy", "old", "--dry-run")
    assert said.err == (
        "aip: the old files number issues and name no repository; say which with --repository OWNER/REPO\n"
    )

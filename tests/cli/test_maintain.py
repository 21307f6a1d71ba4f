"""`aip maintain`: what is old and ours goes, what is a neighbour's stays, and nobody's numbers change."""

import gzip
import os
import subprocess
import time
from pathlib import Path

import pytest

from exporter.main import main as export
from processor.ledger import incidents, queries
from processor.ledger.connection import Ledger
from processor.ledger.incidents import AlertNotice, AlertStatus
from processor.ledger.schema import base_findings, runs
from processor.model import IssueRef
from processor.operations.upkeep.disk import keep_disk
from processor.settings.load import load_settings
from tests.api.serving import serving
from tests.beside import beside

DAY = 86_400.0
LINE = "2026-11-01 02:30:00,000 INFO AutoIssueProcessor ISSUE_PROCESSED issue=octo/hello#1\n"


def age(path: Path, days: float) -> Path:
    then = time.time() - days * DAY
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def write(path: Path, text: str = LINE, *, days: float = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return age(path, days)


def end(ledger: Ledger, run_id: str, *, days: float) -> None:
    with ledger.write() as db:
        db.execute(runs.update().where(runs.c.run_id == run_id).values(finished_at=time.time() - days * DAY))


@pytest.fixture
def ended(scene) -> str:
    """A run that ended ten days ago."""
    run_id = scene.finish(1)
    end(scene.ledger, run_id, days=10)
    return run_id


def test_old_logs_are_compressed_with_their_time_and_found_by_zgrep(aip, office, ended):
    folder = office.run_folder(ended)
    output = write(folder / "agent.stdout", days=9)
    stamp = output.stat().st_mtime
    beyond = write(office.root / "logs" / "auto_issue_processor.log.9", days=30)
    rotated = [write(office.root / "logs" / f"auto_issue_processor.log{end}", days=30) for end in ("", ".1", ".5")]
    fresh = write(folder / "gate-tests-head.log", days=1)
    said = aip("maintain", "disk")
    assert said.code == 0, said.err
    assert "2 old logs compressed" in said.out
    packed = Path(f"{output}.gz")
    assert packed.stat().st_mtime == pytest.approx(stamp, abs=1e-3)
    assert gzip.decompress(packed.read_bytes()).decode() == LINE
    assert not output.exists()
    assert not beyond.exists()
    assert all(path.read_text() == LINE for path in (*rotated, fresh))
    found = subprocess.run(
        ["zgrep", "-c", "ISSUE_PROCESSED", f"{beyond}.gz"], capture_output=True, text=True, check=True
    )
    assert found.stdout == "1\n"
    assert aip("logs", ended, "--agent").out == LINE


def test_hostile_neighbours_and_links_are_left_alone(aip, office, ended, scene):
    logs, outside = office.root / "logs", write(office.root / "precious" / "agent.stdout", days=90)
    folder = office.run_folder(ended)
    (folder / "agent.stdout").symlink_to(outside)
    age(folder / "agent.stdout", 90)
    os.link(write(office.root / "precious" / "second", days=90), folder / "agent.stderr")
    age(folder / "agent.stderr", 90)
    (folder / "gate-link").symlink_to(outside.parent)
    strangers = [
        write(logs / "runs" / "1-00000000" / "agent.stdout", days=90),
        write(logs / "runs" / f"{ended}-copy" / "agent.stdout", days=90),
        write(logs / "auto_issue_processor.log.99x", days=90),
        write(logs / "other.log", days=90),
        write(folder / "notes.txt", days=90),
    ]
    gone = scene.finish(2)
    end(scene.ledger, gone, days=90)
    (logs / "runs" / gone).symlink_to(outside.parent)
    before = sorted(path for path in office.root.rglob("*") if "state" not in path.parts)
    assert aip("maintain", "disk").code == 0
    assert sorted(path for path in office.root.rglob("*") if "state" not in path.parts) == before
    assert outside.read_text() == LINE
    assert all(path.exists() for path in strangers)


def test_what_old_runs_left_goes_by_their_exact_id_and_active_ones_keep_theirs(aip, office, scene, ended):
    old, active = scene.finish(2), scene.start(3)
    end(scene.ledger, old, days=40)
    for run_id in (ended, old, active):
        write(office.run_folder(run_id) / "gate-tests-abc" / "x")
        (office.root / "state" / "worktrees" / f"{run_id}-change").mkdir(parents=True)
    mirror = office.root / "state" / "mirrors" / "octo__hello.git"
    mirror.mkdir(parents=True)
    said = aip("maintain", "disk", "--dry-run", "--json")
    (would,) = said.json["done"]
    assert would["readings"][0]["after"] is None
    assert would["did"] == ["1 old output folder would be deleted", "3 temporary folders would be deleted"]
    assert all((office.root / "logs" / "runs" / run_id).exists() for run_id in (ended, old, active))
    (done,) = aip("maintain", "disk", "--json").json["done"]
    assert done["did"] == ["1 old output folder deleted", "3 temporary folders deleted"]
    runs_left = {path.name for path in (office.root / "logs" / "runs").iterdir()}
    assert runs_left == {ended, active}
    assert not (office.root / "logs" / "runs" / ended / "gate-tests-abc").exists()
    assert (office.root / "logs" / "runs" / active / "gate-tests-abc").exists()
    assert [path.name for path in (office.root / "state" / "worktrees").iterdir()] == [f"{active}-change"]
    assert mirror.exists()  # a run of the repository is at work


def test_the_mirror_of_a_repository_that_rests_goes(aip, office, ended):
    mirror = office.root / "state" / "mirrors" / "octo__hello.git"
    other = office.root / "state" / "mirrors" / "ada__notes.git"
    mirror.mkdir(parents=True)
    other.mkdir()
    assert "1 idle mirror would be deleted" in aip("maintain", "disk", "--dry-run").out
    assert "1 idle mirror deleted" in aip("maintain", "disk").out
    assert "nothing to do" in aip("maintain", "disk", "--dry-run").out
    assert (mirror.exists(), other.exists()) == (False, True)
    assert ended


@pytest.mark.usefixtures("ended")
def test_the_mirror_of_a_repository_stays_where_a_run_begins_since_it_was_found_idle(office, scene):
    mirror = office.root / "state" / "mirrors" / "octo__hello.git"
    mirror.mkdir(parents=True)
    main = load_settings(office.configs, {}).main
    keep_disk(beside(scene.ledger, after_reads=[lambda: scene.queue(2)]), main, dry_run=False)
    assert mirror.exists()


def test_large_values_of_old_runs_go_and_the_exporter_shows_the_same(aip, capfd, scene, ended):
    young = scene.finish(2)
    with scene.ledger.write() as db:
        for run_id in (ended, young):
            db.execute(runs.update().where(runs.c.run_id == run_id).values(patch=b"x" * 4_000_000, gate_report="{}"))
        for days in (500, 10):
            then = time.time() - days * DAY
            incidents.record(db, notice(then), then)
        db.execute(
            base_findings.insert().values(
                repository="octo/hello", base_commit="a", check_identity="b", findings="[]", stored_at=1.0
            )
        )
    end(scene.ledger, ended, days=100)
    before = exposed(capfd)
    said = aip("maintain", "database", "--json")
    assert said.code == 0, said.err
    (done,) = said.json["done"]
    (reading,) = done["readings"]
    assert (reading["name"], reading["unit"]) == ("size of the ledger", "bytes")
    assert reading["after"] < reading["before"] - 3_000_000
    assert done["did"][:3] == [
        "1 old run emptied of patch, report and the agent's words",
        "1 old incident deleted",
        "1 old finding deleted",
    ]
    assert exposed(capfd) == before
    with scene.ledger.read() as db:
        kept = {row.run_id: row.patch for row in db.execute(runs.select())}
        assert len(queries.runs_of_issue(db, IssueRef("octo/hello", 1))) == 1
        assert queries.audit_trail(db)[0].action == "maintain"
    assert (kept[ended], kept[young] is not None) == (None, True)
    assert aip("queue", "show", ended).code == 0


def test_nothing_is_rewritten_while_a_run_is_at_work(aip, scene):
    run_id = scene.finish(1)
    with scene.ledger.write() as db:
        db.execute(runs.update().where(runs.c.run_id == run_id).values(patch=b"x" * 4_000_000))
    end(scene.ledger, run_id, days=100)
    scene.start(2)
    assert "bytes are free inside the file and are used again" in aip("maintain", "database").out


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("subject", ["memory", "network"])
def test_without_a_service_there_is_no_memory_or_network_to_keep_up(aip, subject):
    said = aip("maintain", subject)
    assert said.code == 2
    assert f"no service lives on this host, so there is no {subject} of one to keep up; start `aip run`" in said.err
    assert "no service lives on this host" in aip("maintain", "database").err


@pytest.mark.usefixtures("ended")
def test_services_of_other_hosts_are_named_and_never_asked_at_an_address_that_is_ours(aip, scene):
    scene.announce_service()
    said = aip("maintain", "disk", "--json")
    assert (said.code, said.json["done"][0]["instance"]) == (0, None)
    assert said.json["elsewhere"] == [{"instance": "processor-1", "host": "nowhere"}]
    assert "processor-1 works on nowhere; say `aip maintain disk` there too" in said.err
    assert "say it on nowhere" in aip("maintain", "memory").err
    assert aip("maintain", "database", "--json").json["elsewhere"] == []


def test_what_cannot_be_compressed_hinders_nothing_else(aip, office, scene, ended):
    old = scene.finish(2)
    end(scene.ledger, old, days=40)
    folder, gone = office.run_folder(ended), office.run_folder(old)
    first, second = write(folder / "agent.stderr", days=9), write(folder / "agent.stdout", days=9)
    empty = write(folder / "gate-tests-head.log", "", days=9)
    (folder / ".agent.stderr.gz-part" / "x").mkdir(parents=True)
    said = aip("maintain", "disk")
    assert said.code == 1
    assert f"{folder.relative_to(office.root)}/.agent.stderr.gz-part cannot be compressed or deleted" in said.err
    assert "the rest is done; free space, or make the folder writable for this user" in said.err
    assert (first.exists(), second.exists(), empty.exists(), gone.exists()) == (True, False, True, False)


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("upkeep")) as started:
        yield started


@pytest.mark.parametrize("subject", ["memory", "network", "disk", "database"])
def test_a_service_keeps_each_subject_up_and_measures_it(api, subject):
    dry = api.post("/api/maintain", {"subject": subject, "dry_run": True}).json()
    assert all(one["after"] is None for one in dry["readings"])
    answer = api.post("/api/maintain", {"subject": subject, "by": "ada"})
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["subject"], done["is_dry_run"]) == (subject, False)
    assert all(one["after"] is not None for one in done["readings"])
    assert done["readings"]
    with api.scene.ledger.read() as db:
        act = queries.audit_trail(db)[0]
    assert (act.actor, act.action, act.target) == ("ada@api", "maintain", subject)


def test_upkeep_needs_the_token(api):
    assert api.post("/api/maintain", {"subject": "memory"}, Authorization="Bearer wrong").status_code == 401


def notice(at: float) -> AlertNotice:
    """An alert that fired for a moment."""
    return AlertNotice(
        fingerprint="f", alert="AipDiskHigh", severity="medium", labels={}, annotations={},
        status=AlertStatus.RESOLVED, starts_at=at, ends_at=at + 60,
    )  # fmt: skip


def exposed(capfd) -> list[str]:
    """Give every sample that does not measure this moment."""
    capfd.readouterr()
    assert export(["--once", "--collectors", "runs,recent,backlog,trends,reports"]) == 0
    lines = capfd.readouterr().out.splitlines()
    return [line for line in lines if not line.startswith(("#", "aip_exporter_"))]

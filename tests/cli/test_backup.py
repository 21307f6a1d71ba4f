"""`aip backup`: whole or nothing, proved by a restore, put back only where nothing is lost by it."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from processor.engine.liveness import FileLiveness
from processor.errors import BackupError, LedgerError
from processor.ledger import backups, queries, restoration, services
from processor.ledger.connection import open_ledger
from processor.model import IssueRef, Outcome
from processor.operations.backup.manifest import Manifest
from processor.operations.backup.prune import write_down
from processor.operations.backup.restore import restore
from processor.operations.backup.site import Site
from processor.operations.backup.sqlite_files import SqliteFiles
from processor.operations.backup.store import Store, read_entry
from processor.operations.backup.verify import verify
from processor.settings.sections import State
from tests.beside import beside
from tests.forked import Forked, start_aip

TODAY = "aip-20990102T033000Z"


@pytest.fixture
def made(aip, office, scene) -> Path:
    """A sound backup of a ledger with one run."""
    scene.finish(1)
    said = aip("backup", "create", "--json")
    assert said.code == 0, said.err
    return office.root / said.json["folder"]


def test_a_backup_holds_ledger_and_settings_with_checksums_and_is_proved_at_once(made, scene):
    manifest = json.loads((made / "manifest.json").read_text())
    assert {item["path"] for item in manifest["items"]} == {"ledger.sqlite", "settings/auto_issue_processor.yaml"}
    assert (manifest["contents"]["runs"], manifest["database"]) == (1, "sqlite")
    assert made.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.iterdir())
    with scene.ledger.read() as db:
        (known,) = backups.list_backups(db)
    assert (known.name, known.is_sound) == (made.name, True)
    assert known.size_bytes == sum(item["size_bytes"] for item in manifest["items"])


def test_what_looks_like_a_secret_in_a_settings_file_is_masked(aip, office, scene):
    scene.finish(1)
    file = office.configs / "auto_issue_processor.yaml"
    file.write_text(f"# ghp_{'a' * 36}\n{file.read_text()}")
    folder = office.root / aip("backup", "create", "--json").json["folder"]
    copied = (folder / "settings" / file.name).read_text()
    assert copied.startswith("# ***\n")
    assert "ghp_" not in copied


def test_what_was_cut_short_is_never_listed_and_goes_with_the_next(aip, made):
    half = made.parent / ".aip-20990101T000000Z.partial"
    shutil.copytree(made, half)
    stranger = made.parent / ".partial"
    stranger.mkdir()
    assert [one["name"] for one in aip("backup", "list", "--json").json["backups"]] == [made.name]
    assert aip("backup", "create").code == 0
    assert not half.exists()
    assert stranger.exists()


def test_one_that_is_killed_while_it_works_leaves_nothing_that_counts(aip, office, scene):
    scene.finish(1)
    folder = office.root / "backups"
    deadline = time.monotonic() + 60
    while not (process := stopped_at_work(office.root, folder)):
        assert time.monotonic() < deadline, "every backup was done before it could be stopped"
    complete = {path.name for path in folder.glob("aip-*")}
    process.kill()
    process.wait()
    assert len(list(folder.glob(".aip-*.partial"))) == 1
    listed = aip("backup", "list", "--json").json["backups"]
    assert {one["name"] for one in listed if one["problem"] is None} == complete == {one["name"] for one in listed}
    assert aip("backup", "create").code == 0
    assert not list(folder.glob(".aip-*.partial"))


def stopped_at_work(root: Path, folder: Path) -> Forked | None:
    """Start a backup and stop it between its first file and its last; None when it was done before."""
    process = start_aip(["backup", "create"], cwd=root, env=os.environ, stdout=root / "said")
    while process.poll() is None and not any(folder.glob(".aip-*.partial/*")):
        time.sleep(0.001)
    with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):  # done at this moment
        process.send_signal(signal.SIGSTOP)
        while process.poll() is None and psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
            time.sleep(0.001)
        if process.poll() is None and any(folder.glob(".aip-*.partial")):
            return process
        process.send_signal(signal.SIGCONT)
    process.wait(60)
    return None


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda file: file.write_bytes(file.read_bytes() + b"x"), "was changed after it was written"),
        (lambda file: file.write_bytes(b"y" + file.read_bytes()[1:]), "its checksum is another one"),
        (lambda file: file.unlink(), "cannot be read (No such file or directory)"),
    ],
)
def test_a_damaged_backup_is_found_noted_and_refused(aip, made, scene, damage, message):
    damage(made / "ledger.sqlite")
    said = aip("backup", "verify", made.name)
    assert said.code == 1
    assert message in said.err
    (listed,) = aip("backup", "list", "--json").json["backups"]
    assert listed["is_sound"] is False
    assert message in listed["problem"]
    with scene.ledger.read() as db:
        assert [one.is_sound for one in backups.list_backups(db)] == [False]
    assert message in aip("backup", "restore", made.name, "--force").err
    assert aip("backup", "restore", "latest").code == 2


def test_a_backup_whose_totals_differ_from_its_manifest_is_not_sound(aip, made):
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["contents"]["runs"] = 7
    (made / "manifest.json").write_text(json.dumps(manifest))
    said = aip("backup", "verify")
    assert said.code == 1
    assert "restores to 1 runs of schema" in said.err
    assert "its manifest says 7" in said.err


def test_a_damaged_page_is_found_even_when_the_checksum_is_right(aip, made):
    file = made / "ledger.sqlite"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 3 + 2000] = b"\xff" * 2000
    file.write_bytes(content)
    manifest = json.loads((made / "manifest.json").read_text())
    digest = hashlib.sha256(content).hexdigest()
    for item in manifest["items"]:
        if item["path"] == "ledger.sqlite":
            item["sha256"] = digest
    (made / "manifest.json").write_text(json.dumps(manifest))
    said = aip("backup", "verify")
    assert said.code == 1
    assert "is damaged" in said.err


def test_a_ledger_that_is_there_is_only_replaced_by_force_and_is_kept(aip, made, office, scene):
    scene.finish(2)
    said = aip("backup", "restore", made.name)
    assert said.code == 2
    assert "--force puts the backup in its place and keeps the former one" in said.err
    done = aip("backup", "restore", made.name, "--force", "--json", "--reason", "disk lost")
    assert done.code == 0, done.err
    assert done.json["runs"] == 1
    kept = office.root / done.json["former_kept_at"] / "ledger.sqlite"
    with sqlite3.connect(kept) as former:
        assert former.execute("SELECT count(*) FROM runs").fetchone() == (2,)
    reopened = open_ledger(State(directory=office.root / "state"))
    try:
        with reopened.read() as db:
            assert len(queries.runs_of_issue(db, IssueRef("octo/hello", 2))) == 0
            assert restoration.behind_since(db) == done.json["made_at"]
            assert queries.born_at(db) > done.json["made_at"]
            act = queries.audit_trail(db)[0]
            assert [one.name for one in backups.list_backups(db)] == [made.name]
    finally:
        reopened.close()
    assert (act.action, act.target, act.reason) == ("backup.restore", made.name, "disk lost")


def test_a_service_that_lived_when_the_backup_was_made_does_not_live_in_it(aip, office, scene):
    scene.announce_service()
    scene.ledger.close()
    assert aip("backup", "create").code == 0
    assert aip("backup", "restore", "latest", "--force").code == 0
    restored = open_ledger(State(directory=office.root / "state"))
    with restored.read() as db:
        assert [one.state for one in services.list_services(db)] == ["stopped"]
    restored.close()


def test_a_restore_that_is_cut_short_is_told_and_done_again(aip, made, office, scene):
    scene.ledger.close()
    state = office.root / "state"
    waiting = (state / "ledger.sqlite").rename(state / ".ledger.sqlite.restoring-20260101T000000Z")
    with pytest.raises(LedgerError, match=r"is not there, for a restore is at work or was cut short; wait for it"):
        open_ledger(State(directory=state))
    assert not (state / "ledger.sqlite").exists()
    assert aip("backup", "restore", made.name).code == 0
    assert not waiting.exists()
    open_ledger(State(directory=state)).close()


def test_github_is_asked_even_when_the_restore_died_as_soon_as_the_ledger_was_there(made, office, scene):
    scene.ledger.close()
    state = State(directory=office.root / "state")
    (state.directory / "ledger.sqlite").chmod(0o660)
    site = Site(SqliteFiles(state.directory / "ledger.sqlite", state.directory / "engine"), made, Store(made.parent))
    with pytest.raises(KeyboardInterrupt):
        restore(site, read_entry(made), FileLiveness(state.directory), force=True, mark=_die)
    assert (state.directory / "ledger.sqlite").stat().st_mode & 0o777 == 0o660
    reopened = open_ledger(state)
    with reopened.read() as db:
        assert restoration.behind_since(db) == json.loads((made / "manifest.json").read_text())["made_at"]
    reopened.close()


def _die(_manifest: Manifest) -> None:
    raise KeyboardInterrupt


def test_nothing_is_restored_while_a_service_holds_its_lock(aip, made, office):
    instances = office.root / "state" / "instances"
    instances.mkdir(exist_ok=True)
    with (instances / "processor-9.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = aip("backup", "restore", made.name, "--force")
    assert said.code == 2
    assert "processor-9 works on this ledger; stop every service, then restore" in said.err


def test_a_service_that_waits_for_github_after_a_restore_holds_the_next_one_off(aip, made, office, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "x" * 20)
    assert "GitHub was not asked yet" in aip("backup", "restore", made.name, "--force").err
    service = start_aip(["run"], cwd=office.root, env=os.environ, stdout=office.root / "said")
    try:
        lock = office.root / "state" / "instances" / f"{socket.gethostname()}.lock"
        deadline = time.monotonic() + 60
        while not (lock.exists() and lock.read_text()) and service.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        said = aip("backup", "restore", made.name, "--force")
        service.terminate()
        assert service.wait(timeout=60) == 0, (office.root / "said").read_text()
    finally:
        service.kill()
    assert said.code == 2
    assert f"{socket.gethostname()} works on this ledger; stop every service, then restore" in said.err


def test_a_backup_of_a_newer_schema_is_refused_before_anything_is_touched(aip, made):
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["contents"]["schema"] = "9999"
    (made / "manifest.json").write_text(json.dumps(manifest))
    said = aip("backup", "restore", made.name, "--force")
    assert said.code == 1
    assert "has schema 9999" in said.err


def test_a_backup_is_restored_elsewhere_by_its_path_with_the_settings_from_it(aip, made, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copytree(made / "settings", elsewhere / "configs")
    monkeypatch.chdir(elsewhere)
    said = aip("backup", "restore", str(made), "--json")
    assert said.code == 0, said.err
    assert (said.json["runs"], said.json["former_kept_at"]) == (1, None)
    assert aip("queue", "show", "octo/hello#1", "--json").json["outcome"] == Outcome.SUCCESS


def test_prune_deletes_what_no_rule_keeps_and_touches_nothing_else(aip, made, office):
    office.write_settings(backup={"keep_daily": 1, "keep_weekly": 0})
    old = made.parent / "aip-20200101T000000Z"
    shutil.copytree(made, old)
    manifest = json.loads((old / "manifest.json").read_text())
    (old / "manifest.json").write_text(json.dumps({**manifest, "name": old.name}))
    (made.parent / "aip-20200102T000000Z").symlink_to(made)
    (made.parent / "notes").mkdir()
    (made.parent / "aip-20200103T000000Z").mkdir()
    assert aip("backup", "prune", "--dry-run", "--json").json == {"deleted": [old.name], "dry_run": True}
    assert old.exists()
    assert aip("backup", "prune", "--json").json == {"deleted": [old.name], "dry_run": False}
    assert {path.name for path in made.parent.iterdir()} == {
        made.name,
        "aip-20200102T000000Z",
        "aip-20200103T000000Z",
        "notes",
        ".aip-backup.lock",
    }


def test_a_backup_that_is_made_while_another_program_prunes_stays_written_down(aip, made, scene):
    late = beside(scene.ledger, lambda: aip("backup", "create"))
    write_down(Store(made.parent), late)
    with scene.ledger.read() as db:
        assert len(backups.list_backups(db)) == 2


def test_one_that_another_program_has_deleted_is_no_fault_of_who_prunes(made):
    store = Store(made.parent)
    (entry,) = store.entries()
    assert [store.remove(entry), store.remove(entry)] == [True, False]


@dataclass(frozen=True)
class PrunedMeanwhile(SqliteFiles):
    """Databases whose backups another program deletes while they are tried."""

    def try_restore(self, folder, scratch):
        """Delete the backup, then try it."""
        shutil.rmtree(folder)
        return super().try_restore(folder, scratch)


def test_one_that_is_deleted_while_it_is_tried_is_not_called_damaged(made, office, scene):
    store = Store(made.parent)
    (entry,) = store.entries()
    files = PrunedMeanwhile(office.root / "state" / "ledger.sqlite", office.root / "state" / "engine.sqlite")
    with scene.ledger.write() as db:
        backups.forget(db, entry.name)
    with pytest.raises(BackupError, match=f"backup {entry.name} was deleted while it was tried"):
        verify(Site(files, office.configs, store), entry, scene.ledger)
    with scene.ledger.read() as db:
        assert backups.list_backups(db) == ()


def test_a_ledger_that_refuses_once_it_is_open_is_told_in_one_line(aip, made, scene):
    with scene.ledger.write() as db:
        db.exec_driver_sql("DROP TABLE backups")
    for words in (("prune",), ("verify", made.name)):
        said = aip("backup", *words)
        assert said.code == 1
        assert "failed: no such table: backups; its tables are not those of this program" in said.err
        assert "Traceback" not in said.err


def test_a_folder_that_cannot_be_made_is_named(aip, office, scene):
    scene.finish(1)
    (office.root / "file").write_text("")
    office.write_settings(backup={"directory": "file/backups"})
    said = aip("backup", "create")
    assert said.code == 1
    assert "file/backups cannot be written (Not a directory)" in said.err


@pytest.mark.usefixtures("office")
def test_a_backup_that_is_not_there_is_named(aip):
    said = aip("backup", "verify", TODAY)
    assert said.code == 2
    assert f"there is no backup {TODAY} in backups" in said.err
    assert aip("backup", "list").out == "no backup in backups; `aip backup create` makes one\n"


def test_restore_asks_github_at_once_and_adopts_what_names_its_run(aip, online, forge, scene):
    scene.finish(1)
    made = aip("backup", "create", "--json").json
    opened = {}
    for number, body in ((1, "Fixes #1\n\nRun `1-abcdef01`, 1 attempt.\n"), (2, "by hand")):
        branch = f"auto-fix/issue-{number}"
        forge.commit_files("octo/hello", {f"{number}.md": "hi\n"}, branch=branch, author="octo")
        opened[number] = forge.open_pull("octo/hello", title="Auto-fix", body=body, head=branch, author="octo")
    said = aip("backup", "restore", made["name"], "--force", "--json")
    assert said.code == 0, said.err
    assert [url.rpartition("/")[2] for url in said.json["adopted"]] == [str(opened[1].issue.number)]
    assert [url.rpartition("/")[2] for url in said.json["strange"]] == [str(opened[2].issue.number)]
    reopened = open_ledger(State(directory=online.root / "state"))
    try:
        with reopened.read() as db:
            assert restoration.behind_since(db) is None
            runs = queries.runs_of_issue(db, IssueRef("octo/hello", 1))
            (pull,) = queries.pull_requests_of_issue(db, IssueRef("octo/hello", 1))
    finally:
        reopened.close()
    assert {(run.run_id, run.outcome) for run in runs} >= {("1-abcdef01", "success")}
    assert (pull.run_id, pull.state) == ("1-abcdef01", "open")
    decided = aip("explain", "octo/hello#1")
    assert decided.code == 0
    assert "pull request" in decided.out

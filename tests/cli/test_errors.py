"""What goes wrong is one clear message on stderr with the right exit code, never a traceback."""

import os
import pty
import sqlite3
import subprocess
import sys
import termios
from contextlib import closing
from pathlib import Path

import pytest

from processor.ledger import operators

AIP = str(Path(sys.executable).parent / "aip")


def test_every_fault_of_the_settings_is_listed_with_exit_code_2(aip, office):
    office.write_settings(max_paralel=3, timeout="soon")
    said = aip("queue", "list")
    lines = said.err.splitlines()
    assert said.code == 2
    assert len(lines) == 2
    assert "auto_issue_processor.yaml:" in lines[0]
    assert any("did you mean max_parallel?" in line for line in lines)
    assert all(line.startswith("aip: ") for line in lines)
    assert said.out == ""


def test_a_missing_settings_folder_says_how_to_make_one(aip, tmp_path):
    said = aip("--config-dir", str(tmp_path / "nowhere"), "status")
    assert said.code == 2
    assert "`aip init`" in said.err


def test_the_settings_folder_can_come_from_the_environment(aip, tmp_path, monkeypatch):
    monkeypatch.setenv("AUTO_ISSUE_CONFIG_DIR", str(tmp_path / "elsewhere"))
    assert "elsewhere" in aip("status").err


@pytest.mark.parametrize("words", [("queue", "list"), ("status",), ("logs", "1-abc"), ("queue", "show", "1-abc")])
def test_reading_a_ledger_that_is_not_there_fails_and_makes_none(aip, office, words):
    said = aip(*words)
    assert said.code == 1
    assert "there is no ledger at state/ledger.sqlite yet" in said.err
    assert not (office.root / "state").exists()


@pytest.mark.usefixtures("office")
def test_no_token_is_wrong_settings(aip):
    said = aip("explain", "octo/hello#1")
    assert said.code == 2
    assert "there is no token" in said.err


@pytest.mark.usefixtures("office")
def test_github_out_of_reach_is_a_failure(aip, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "made-up-token")
    said = aip("explain", "octo/hello#1")
    assert said.code == 1
    assert said.err.startswith("aip: ")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("text", ["octo/hello", "42", "octo/hello#0", "octo/hello#x"])
@pytest.mark.usefixtures("office")
def test_what_is_no_issue_is_wrong_usage(aip, text):
    said = aip("explain", text)
    assert said.code == 2
    assert "write OWNER/REPO#N, such as octo/hello#42" in said.err


def drop_runs(office):
    """Take the runs out of a ledger that opens all the same."""
    with closing(sqlite3.connect(office.root / "state" / "ledger.sqlite")) as connection:
        connection.execute("DROP TABLE runs")


ON_THE_LEDGER = [
    ("status",),
    ("queue", "list"),
    ("queue", "show", "octo/hello#1"),
    ("queue", "retry", "octo/hello#1"),
    ("queue", "cancel", "octo/hello#1"),
    ("pause", "--reason", "x"),
    ("resume",),
    ("drain", "--reason", "x"),
    ("logs", "1-abc"),
    ("explain", "octo/hello#1"),
    ("undo", "octo/hello#1", "--yes"),
    ("once", "octo/hello#1"),
]


def test_a_broken_ledger_is_one_line_for_every_command(aip, program, online, ledger):
    ledger.close()
    drop_runs(online)
    answers = {words: aip(*words) for words in ON_THE_LEDGER} | {("run",): program("run")}
    as_json = {(*words, "--json"): aip(*words, "--json") for words in ON_THE_LEDGER}
    # A retry answers for each issue, for some may have been queued before the ledger failed.
    assert {words for words, said in as_json.items() if said.out} == {("queue", "retry", "octo/hello#1", "--json")}
    for words, said in (answers | as_json).items():
        lines = said.err.splitlines()
        assert (said.code, len(lines)) == (1, 1), (words, said.err)
        assert lines[0] == (
            "aip: the ledger state/ledger.sqlite failed: no such table: runs; "
            "its tables are not those of this program; restore a backup"
        )


def test_check_finds_a_ledger_that_opens_and_lacks_a_table(aip, office, ledger):
    ledger.close()
    drop_runs(office)
    said = aip("check", "--json")
    found = next(item for item in said.json["items"] if item["name"] == "ledger")
    assert said.code == 1
    assert (found["state"], found["detail"]) == ("failed", "state/ledger.sqlite lacks the table runs")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [("queue", "list"), ("status", "--json"), ("--help",)], ids=" ".join)
def test_a_full_disk_behind_stdout_is_one_line(office, ledger, words, unbuffered):
    ledger.close()
    environ = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [AIP, *words], cwd=office.root, stdout=full, stderr=subprocess.PIPE, env=environ, text=True, check=False
        )
    assert done.returncode == 1
    # Where Python buffers, the disk is found full when all has been said, and status says where it looked.
    *before, last = done.stderr.splitlines()
    assert last.startswith("aip: the output cannot be written: No space left on device")
    assert [line for line in before if not line.startswith("from the ledger: ")] == []
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_disk_that_fills_up_in_the_middle_of_an_answer_is_no_success(office, unbuffered):
    command = ["/bin/sh", "-c", 'ulimit -f 2; exec "$0" check --offline --json >answer', AIP]
    environ = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(command, cwd=office.root, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1, "aip: the output cannot be written: File too large; what was asked for may be done all the same\n",
    )  # fmt: skip


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_the_size_of_the_terminal_is_known_without_pythons_buffer_too(unbuffered):
    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (34, 120))
    look = "import shutil; from processor.cli import streams; streams.prepare(); print(*shutil.get_terminal_size())"
    environ = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    environ["PYTHONUNBUFFERED"] = unbuffered
    subprocess.run([sys.executable, "-c", look], stdout=terminal, env=environ, check=True)
    assert os.read(ours, 100) == b"120 34\r\n"
    os.close(terminal)
    os.close(ours)


def test_a_closed_stdout_hinders_nothing(office, ledger):
    command = ["/bin/sh", "-c", '"$0" pause --reason upgrade >&-', AIP]
    done = subprocess.run(command, cwd=office.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with ledger.read() as db:
        assert operators.get_control(db, operators.PAUSED).reason == "upgrade"


def test_a_folder_that_refuses_is_named(aip, office):
    (office.root / "file").write_text("")
    said = aip("forge", "serve", "--root", str(office.root / "file"))
    assert said.code == 1
    assert "name a folder that this user may write" in said.err


@pytest.mark.parametrize("words", [("run",), ("once", "octo/hello#1"), ("forge", "serve", "--root", "forge")])
def test_nothing_starts_without_git(aip, online, monkeypatch, words):
    monkeypatch.setenv("PATH", str(online.root))
    said = aip(*words)
    assert said.code == 1
    assert "there is no git on the PATH; install it, such as by `apt-get install git`" in said.err

"""Every command helps: what it does, an example, and the one line under which it is listed."""

import subprocess
import sys
from pathlib import Path

import pytest

from processor.cli import forge, main
from processor.cli.alerts import group as alerts
from processor.cli.backup import group as backup
from processor.cli.canary import group as canary
from processor.cli.capacity import group as capacity
from processor.cli.checklist import group as checklist
from processor.cli.config import group as config
from processor.cli.imports import group as imports
from processor.cli.ledger import group as ledger
from processor.cli.queue import group
from processor.cli.report import group as report

COMMANDS = [
    *(((), one) for one in main.COMMANDS),
    *((("queue",), one) for one in group.COMMANDS),
    *((("alerts",), one) for one in alerts.COMMANDS),
    *((("backup",), one) for one in backup.COMMANDS),
    *((("canary",), one) for one in canary.COMMANDS),
    *((("capacity",), one) for one in capacity.COMMANDS),
    *((("checklist",), one) for one in checklist.COMMANDS),
    *((("config",), one) for one in config.COMMANDS),
    *((("forge",), one) for one in forge.COMMANDS),
    *((("import",), one) for one in imports.COMMANDS),
    *((("ledger",), one) for one in ledger.COMMANDS),
    *((("report",), one) for one in report.COMMANDS),
]
_GROUPS = {
    "import", "queue", "alerts", "backup", "canary", "capacity", "checklist", "config", "forge", "ledger", "report",
}  # fmt: skip
_PRINTERS = {
    "once",
    "demo",
    "status",
    "logs",
    "explain",
    "undo",
    "check",
    "pause",
    "resume",
    "drain",
    "import",
    "legacy",
    "list",
    "show",
    "retry",
    "cancel",
    "silence",
    "silences",
    "expire",
    "test",
    "configure",
    "drill",
    "set",
    "auto",
    "revert",
    "history",
    "diff",
    "daily",
    "weekly",
    "sign",
    "create",
    "verify",
    "restore",
    "prune",
    "grant-reader",
    "maintain",
    "audit",
    "analyze",
}


def _is_written(place: str) -> bool:
    return Path(main.__file__).parents[2].joinpath(place.partition(":")[0].replace(".", "/") + ".py").exists()


WRITTEN = [(*before, one.name) for before, one in COMMANDS if _is_written(one.place)]
#: `aip import` is a group, `aip alerts import` a command.
PRINTING = [words for words in WRITTEN if words[-1] in _PRINTERS and words != ("import",)]
SUMMARIES = {(*before, one.name): one.summary for before, one in COMMANDS}


def test_every_listed_command_is_written():
    missing = {one.name for _, one in COMMANDS if not _is_written(one.place)}
    assert missing == set()


@pytest.mark.parametrize("words", WRITTEN, ids=" ".join)
def test_help_begins_with_the_line_in_the_list_and_holds_an_example(aip, words):
    said = aip(*words, "--help")
    plain = " ".join(said.out.split())
    assert said.code == 0
    assert SUMMARIES[words].removesuffix(".") in plain
    assert "--install-completion" not in plain
    if words[-1] not in _GROUPS:
        assert f"Example: aip {' '.join(words)}" in plain


@pytest.mark.parametrize("words", [(), *((name,) for name in sorted(_GROUPS))], ids=" ".join)
def test_the_help_of_a_group_holds_an_example(aip, words):
    assert " ".join(["Example:", "aip", *words]) in aip(*words, "--help").out


def test_help_is_broken_where_the_terminal_ends(aip, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    assert "only when both are good. A token that is typed in goes into a file" in aip("init", "--help").out


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_commands_that_print_data_print_json_too(aip, words):
    assert "--json" in aip(*words, "--help").out


_NAMED = {
    **dict.fromkeys([("once",), ("logs",), ("explain",), ("undo",)], ("octo/hello#1",)),
    **{("queue", name): ("octo/hello#1",) for name in ("show", "retry", "cancel")},
    ("demo",): ("--package", "no-such-package"),
    ("alerts", "import"): ("no-such-file",),
    ("import", "legacy"): ("no-such-folder",),
    ("alerts", "silence"): ("AipPollStale", "--for", "2h", "--reason", "x"),
    ("alerts", "expire"): ("0123",),
    ("capacity", "set"): ("high", "--for", "2h", "--reason", "x"),
    ("config", "set"): ("gate.minimum_score", "60", "--for", "2h", "--reason", "x"),
    ("config", "revert"): ("--all",),
    ("backup", "restore"): ("latest",),
    ("checklist", "sign"): ("queue",),
    ("ledger", "grant-reader"): ("reader",),
    ("maintain",): ("disk",),
    ("alerts", "test"): ("--email",),
}


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_with_json_a_command_that_cannot_begin_says_why_on_stderr_alone(aip, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = aip("--config-dir", "no-such-folder", *words, *_NAMED.get(words, ()), "--json")
    assert (said.code, said.out) == (2, "")
    lines = said.err.splitlines()
    assert lines
    assert all(line.startswith("aip: ") for line in lines)


def test_the_list_of_commands_needs_none_of_their_modules():
    loaded = "import sys, processor.cli.main as m; m.main(['--help']); sys.exit('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "explain" in done.stdout


def test_an_unknown_command_is_wrong_usage_and_the_right_one_is_suggested(aip):
    said = aip("quee")
    assert said.code == 2
    assert "Did you mean 'queue'?" in said.err
    assert said.out == ""


def test_the_version_is_that_of_the_distribution(aip):
    assert aip("--version").out == "aip 0.1.0\n"


def test_the_installed_program_and_the_module_are_the_same():
    program = Path(sys.executable).parent / "aip"
    for command in ([str(program)], [sys.executable, "-m", "processor"]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "aip 0.1.0\n")

"""With a fault in the settings files, commands go on as the service does, on its ledger and on no other."""

import json
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from processor.ledger import operators, service_settings, services
from processor.ledger.connection import Ledger
from processor.ledger.service_settings import NotedSettings
from processor.ledger.services import ServiceRecord
from processor.settings.load import load
from processor.settings.noted import document_of, loaded_of
from processor.settings.sections import State
from tests.new_ledger import new_ledger

SHIPPED = Path(__file__).parent.parent.parent / "configs"
MAIN = "auto_issue_processor.yaml"
GATE = "quality_gate.yaml"


@pytest.fixture
def served(office, ledger) -> Ledger:
    """A ledger with a service that lives with the files of the office, while they are right."""
    serve(ledger, office.configs)
    return ledger


def serve(ledger: Ledger, configs: Path, *, host: str = "", alive: bool = True, noted_again: bool = True) -> None:
    """Have a service say that it lives, however long a busy machine takes, and what it works with."""
    now, host = time.time(), host or socket.gethostname()
    record = ServiceRecord(
        instance="processor-1", host=host, pid=1, url="http://127.0.0.1:9", state="running" if alive else "stopped",
        started_at=now, heartbeat_at=now + 600,
    )  # fmt: skip
    noted = NotedSettings(
        instance="processor-1", host=host, folder=str(configs.resolve()), noted_at=now if noted_again else now - 1,
        document=document_of(load(configs, {})),
    )  # fmt: skip
    with ledger.write() as db:
        services.announce(db, record)
        service_settings.note(db, noted)


def is_paused(ledger: Ledger) -> bool:
    with ledger.read() as db:
        return operators.get_control(db, operators.PAUSED) is not None


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        (GATE, "minimum_score: seventy\n", 'quality_gate.yaml:1: minimum_score = "seventy": is text; use'),
        (MAIN, "state: [\n", "auto_issue_processor.yaml:2: file: is not YAML"),
    ],
)
def test_a_command_on_the_ledger_goes_on_and_says_in_one_line_why(aip, office, served, file, text, fault):
    (office.configs / file).write_text(text)
    said = aip("pause", "--json")
    assert (said.code, said.json) == (0, {"paused": True, "active": 0})
    assert is_paused(served)
    (line,) = said.err.splitlines()
    assert line.startswith(f"the settings files have a fault (configs/{fault}")
    assert line.endswith(
        "); processor-1 goes on with its last good settings, and so does this command; `aip check` lists every fault"
    )


@pytest.mark.usefixtures("served")
def test_what_the_command_works_with_are_the_last_good_settings(aip, office):
    (office.configs / GATE).write_text("minimum_score: 75\nsecurity_threshold: [\n")
    assert aip("config", "set", "minimum_score", "60", "--for", "2h", "--reason", "release day").code == 0
    (row,) = aip("config", "diff", "--json").json["differences"]
    assert (row["file"], row["value"]) == (70, 60)
    assert aip("config", "revert", "--all").out.startswith("gate.minimum_score: 60 -> 70\n")
    (row,) = aip("config", "show", "github.read_attempts", "--json").json["settings"]
    assert (row["value"], Path(row["file"]).name) == (1, MAIN)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("command", [("run",), ("check", "--offline"), ("once", "octo/hello#1"), ("undo", "--all")])
def test_what_needs_good_settings_is_refused(aip, office, command):
    (office.configs / GATE).write_text("minimum_score: seventy\n")
    said = aip(*command)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith('aip: configs/quality_gate.yaml:1: minimum_score = "seventy": is text')


@pytest.mark.parametrize(
    "other", [{"host": "elsewhere"}, {"alive": False}, {"noted_again": False}], ids=["host", "stopped", "earlier life"]
)
def test_no_service_that_is_not_the_one_of_these_files_is_followed(aip, office, ledger, other):
    serve(ledger, office.configs, **other)
    (office.configs / GATE).write_text("minimum_score: seventy\n")
    assert aip("pause").code == 2
    assert not is_paused(ledger)


def test_a_service_of_another_folder_is_not_followed(aip, office, ledger):
    serve(ledger, SHIPPED)
    (office.configs / GATE).write_text("minimum_score: seventy\n")
    assert aip("pause").code == 2
    assert not is_paused(ledger)


def test_a_variable_that_the_service_has_not_is_no_way_to_its_ledger(aip, office, served, monkeypatch):
    (office.configs / GATE).write_text("minimum_score: seventy\n")
    monkeypatch.setenv("AUTO_ISSUE_STATE_DIRECTORY", str(office.root / "state"))
    assert aip("pause").code == 2
    assert not is_paused(served)


def test_where_the_files_lead_to_no_ledger_none_is_made(aip, office):
    (office.configs / MAIN).write_text("timeout: long\n")
    assert aip("pause").code == 2
    assert not (office.root / "state").exists()


def test_a_state_that_cannot_be_read_leads_to_no_other_ledger(aip, office):
    office.write_settings(state={"directory": str(office.root / "elsewhere")})
    theirs = new_ledger(State(directory=office.root / "elsewhere"))
    serve(theirs, office.configs)
    ours = new_ledger(State(directory=office.root / "state"))
    (office.configs / MAIN).write_text("state:\n\tdirectory: elsewhere\n")
    said = aip("pause")
    assert (said.code, said.err) == (
        2, "aip: configs/auto_issue_processor.yaml:2: file: a tab is used for indentation; indent with spaces\n"
    )  # fmt: skip
    assert not is_paused(ours)
    assert not is_paused(theirs)
    ours.close()
    theirs.close()


def test_settings_of_another_version_are_not_followed(aip, office, ledger):
    serve(ledger, office.configs)
    with ledger.write() as db:
        (noted,) = service_settings.list_noted(db, socket.gethostname(), str(office.configs.resolve()))
        data = json.loads(noted.document)
        data["settings"]["main"]["of_tomorrow"] = 1
        service_settings.note(db, replace(noted, document=json.dumps(data)))
    (office.configs / GATE).write_text("minimum_score: seventy\n")
    assert aip("pause").code == 2


def test_settings_come_back_from_the_ledger_as_they_went_in(office):
    for folder, environ in (
        (SHIPPED, {"AUTO_ISSUE_ENV": "staging", "AUTO_ISSUE_MAX_PARALLEL": "2"}),
        (office.configs, {}),
    ):
        loaded = load(folder, environ)
        assert loaded_of(document_of(loaded)) == loaded

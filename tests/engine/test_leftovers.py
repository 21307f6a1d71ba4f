"""A service that starts ends what its earlier life left on this host, and nothing of the service beside it."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from processor.engine.leftovers import end_programs
from processor.github_client import GitHubClient
from processor.ledger import runs, services
from processor.ledger.connection import Ledger
from processor.model import IssueRef, Priority
from processor.pipeline.context import Context
from processor.pipeline.finish import clean_up
from processor.settings.sections import MainFile, Settings, State
from tests.new_ledger import new_ledger

NOW = 1_770_000_000.0
Program = subprocess.Popen[bytes]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = new_ledger(State(directory=tmp_path / "state"))
    yield opened
    opened.close()


@pytest.fixture
def run_id(ledger: Ledger) -> str:
    """A run that host-a works on."""
    with ledger.write() as db:
        new = runs.NewRun(
            ref=IssueRef("octo/hello", 1), title="Greet", priority=Priority.MEDIUM, issue_created_at=1.0,
            discovered_at=1.0, branch="auto-fix/issue-1", sequence=1, requested_by="poll",
        )  # fmt: skip
        made = runs.queue(db, new, NOW)
        runs.release(db, made, "host-a", NOW)
        runs.start(db, made, "host-a", NOW)
    return made


@pytest.fixture
def program(run_id: str) -> Iterator[Callable[[], Program]]:
    """Start programs of the run."""
    started: list[Program] = []

    def start() -> Program:
        environment = {"PATH": os.environ["PATH"], "AIP_RUN_ID": run_id}
        started.append(subprocess.Popen(["sleep", "600"], env=environment, start_new_session=True))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


@pytest.fixture
def context(ledger: Ledger, tmp_path: Path) -> Iterator[Context]:
    """What host-a starts with."""
    settings = Settings(main=MainFile(state=State(directory=tmp_path / "state")))
    with GitHubClient(settings.main.github, lambda: "none", environ={}) as github:
        yield Context(
            settings_now=lambda: settings, ledger=ledger, github=github, environ={}, instance="host-a",
            clock=lambda: NOW,
        )  # fmt: skip


def remember(ledger: Ledger, run_id: str, program: Program) -> None:
    """Note the program's group, as host-a did before it died."""
    began = psutil.Process(program.pid).create_time()
    group = services.ProcessGroup(run_id=run_id, process_group=program.pid, instance="host-a", leader_started_at=began)
    with ledger.write() as db:
        services.note_process_group(db, group)


def test_what_an_earlier_life_left_is_ended_also_where_it_left_its_group(context, ledger, run_id, program):
    known, escaped = program(), program()
    remember(ledger, run_id, known)
    assert end_programs(context) == 2
    assert [one.wait(60) < 0 for one in (known, escaped)] == [True, True]


def test_the_programs_of_a_service_beside_us_that_has_taken_the_run_over_work_on(context, ledger, run_id, program):
    left, theirs = program(), program()
    remember(ledger, run_id, left)
    with ledger.write() as db:
        services.announce(
            db,
            services.ServiceRecord(
                instance="host-b", host=socket.gethostname(), pid=1, url="http://127.0.0.1:9", state="running",
                started_at=NOW, heartbeat_at=NOW,
            ),
        )  # fmt: skip
        runs.take_over(db, "host-a", "host-b")
    assert end_programs(context) == 1
    assert left.wait(60) < 0
    assert theirs.poll() is None


def test_what_a_service_left_on_its_host_is_known_there_after_another_one_has_ended_the_run(
    context, ledger, run_id, program
):
    remember(ledger, run_id, program())
    with ledger.write() as db:
        runs.take_over(db, "host-a", "host-b")
    clean_up(replace(context, instance="host-b"), run_id)
    with ledger.read() as db:
        assert [group.run_id for group in services.list_process_groups(db, "host-a")] == [run_id]

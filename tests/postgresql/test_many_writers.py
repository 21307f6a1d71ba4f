"""Several processes write the same things at once: everything is there once, and every total is exact."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.ledger import families, operators, queries, runs
from processor.ledger.connection import Ledger, open_ledger
from processor.model import IssueRef
from processor.settings.sections import State
from tests.acceptance.system import wait_until
from tests.postgresql import writer
from tests.postgresql.cluster import PASSWORD
from tests.postgresql.conftest import Database

WRITERS, RUNS, NEW_ISSUES = 4, 15, 10


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(State(directory=tmp_path, database_url=database_url), PASSWORD)
    yield opened
    opened.close()


def queue_runs(ledger: Ledger) -> list[str]:
    with ledger.write() as db:
        return [runs.queue(db, writer.new_run(IssueRef("octo/hello", number), 1.0), 2.0) for number in range(RUNS)]


def write_at_once(database_url: str, folder: Path, run_ids: list[str]) -> None:
    command = [sys.executable, writer.__file__, database_url, str(folder)]
    processes = [
        subprocess.Popen(
            [*command, f"host-{number}", *run_ids],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    for process in processes:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{PASSWORD}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=100)[1] for process in processes] == [""] * WRITERS


def test_what_many_write_at_once_is_there_once_and_counted_once(
    shared: Ledger, database_url: str, tmp_path: Path
) -> None:
    run_ids = queue_runs(shared)
    write_at_once(database_url, tmp_path, run_ids)
    with shared.read() as db:
        counted = {
            family: sum(
                row.value for row in queries.totals_of(db, family) if row.part in {"", "sum"} or "le:" in row.part
            )
            for family in (
                families.RUNS,
                families.RETRIES,
                families.GATE_RESULTS,
                families.AGENT_TOKENS,
                families.AGENT_COST,
                families.PULL_REQUESTS_CLOSED,
                families.ISSUES_SKIPPED,
            )
        }
        phases = [row for row in queries.totals_of(db, families.PHASE_DURATION) if row.part.startswith("le:")]
        waits = [row for row in queries.totals_of(db, families.QUEUE_WAIT) if row.part.startswith("le:")]
        finished = queries.recent_runs(db, 1000)
        queued = queries.backlog(db)
        acts = queries.audit_trail(db, 1000)
        paused = operators.get_control(db, operators.PAUSED)
    assert counted == {
        families.RUNS: RUNS,
        families.RETRIES: RUNS,
        families.GATE_RESULTS: RUNS,
        families.AGENT_TOKENS: 7 * RUNS,
        families.AGENT_COST: 0.5 * RUNS,
        families.PULL_REQUESTS_CLOSED: WRITERS * RUNS,
        families.ISSUES_SKIPPED: NEW_ISSUES,
    }
    assert {row.labels["phase"]: row.value for row in phases} == dict.fromkeys(
        ("prepare", "agent", "gate", "publish"), RUNS
    )
    assert sum(row.value for row in waits) == RUNS
    assert len(finished) == RUNS
    assert len({run.ref for run in queued}) == len(queued) == len(acts) == NEW_ISSUES
    assert paused is not None


def test_a_reader_sees_one_moment_however_much_is_written_meanwhile(
    shared: Ledger,
) -> None:
    with shared.read() as reading:
        assert queries.backlog(reading) == ()
        queue_runs(shared)
        assert queries.backlog(reading) == ()
    with shared.read() as reading:
        assert len(queries.backlog(reading)) == RUNS


def test_a_writer_that_waited_sees_what_it_waited_for_whatever_the_database_does_by_default(
    ledger: Ledger, database: Database
) -> None:
    database.admin(f"ALTER DATABASE {database.name} SET default_transaction_isolation = 'serializable'")
    ledger.close()  # connections from before have the default of before
    found: list[int] = []

    def write_second() -> None:
        with ledger.write() as db:
            found.append(len(queries.backlog(db)))

    second = threading.Thread(target=write_second)
    with ledger.write() as db:
        runs.queue(db, writer.new_run(IssueRef("octo/hello", 1), 1.0), 2.0)
        second.start()
        waits = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        wait_until(lambda: database.admin(waits), "the second writer to wait for the first")
    second.join(60)
    assert found == [1]

"""Start and stop DBOS, hand it runs, and ask it what became of them."""

import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import make_url

from processor.engine.workflow import VERSION, Workflow

QUEUE = "issues"
_TERMINAL = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}


@dataclass(frozen=True)
class EngineDatabase:
    """Where DBOS keeps its jobs; the address may hold a password, so it is never shown."""

    url: str

    def __repr__(self) -> str:
        return f"EngineDatabase({make_url(self.url).render_as_string()})"


def configure(database: EngineDatabase, executor: str) -> None:
    """Make this process the executor of that name; DBOS keeps one configuration a process."""
    _use_wal(database.url)
    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS(
        config=DBOSConfig(
            name="auto-issue-processor",
            system_database_url=database.url,
            executor_id=executor,
            application_version=VERSION,
            log_level="WARNING",
            console_log_level="WARNING",
        )
    )


def launch(*, concurrency: int, poll_seconds: float) -> None:
    """Start executing: what an earlier life of this executor left goes on at once."""
    DBOS.launch()
    DBOS.register_queue(
        QUEUE, worker_concurrency=concurrency, polling_interval_sec=poll_seconds, on_conflict="always_update"
    )


def set_concurrency(number: int) -> None:
    """Change how many jobs this process executes at once."""
    queue = DBOS.retrieve_queue(QUEUE)
    if queue is not None:
        queue.set_worker_concurrency(number)


def enqueue(workflow: Workflow, run_id: str) -> None:
    """Hand a run over; handing it over twice does nothing."""
    with SetWorkflowID(run_id):
        DBOS.enqueue_workflow(QUEUE, workflow, run_id)


def statuses(run_ids: Iterable[str]) -> dict[str, str]:
    """Tell DBOS's status of each run that it knows."""
    wanted = list(run_ids)
    if not wanted:
        return {}
    found = DBOS.list_workflows(workflow_ids=wanted, load_input=False, load_output=False)
    return {status.workflow_id: status.status for status in found}


def is_terminal(status: str) -> bool:
    """Tell whether DBOS has done with a job."""
    return status in _TERMINAL


def pending_executors() -> set[str]:
    """Tell which executors have jobs in flight."""
    found = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    return {status.executor_id for status in found if status.executor_id}


def forget(run_ids: Iterable[str]) -> None:
    """Delete ended jobs; DBOS keeps them for ever otherwise."""
    for run_id in run_ids:
        DBOS.delete_workflow(run_id)


def shut_down() -> None:
    """Stop taking jobs; those in flight go on at the next start."""
    DBOS.destroy(workflow_completion_timeout_sec=0)


def _use_wal(url: str) -> None:
    # DBOS leaves SQLite's journal in `delete` mode, in which readers and the writer block each other.
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(parsed.database, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()

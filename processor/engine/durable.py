"""Start and stop DBOS, hand it runs, and ask it what became of them.

Every service has a queue of its own: it executes what it released, at most as much at once as its host may, and nothing
of another service that lives. A dead service's jobs are moved to the queue of the one that takes over.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from processor.engine.dbos_library import DBOS, DBOSConfig, SetWorkflowID, dbos_error
from processor.engine.workflow import VERSION, Workflow
from processor.errors import LedgerError
from processor.ledger.address import POSTGRESQL_LINK, POSTGRESQL_SERVER_LINK
from processor.ledger.write_ahead import use_write_ahead_log

if TYPE_CHECKING:
    import psycopg

_BUSY_SECONDS = 30
_QUEUE_PREFIX = "issues-"
_UNFINISHED = ["ENQUEUED", "PENDING"]
_TERMINAL = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FORGET_AT_ONCE = 200
#: By primary result code; the file itself is well. Source: https://www.sqlite.org/rescode.html
_REMEDIES = {
    sqlite3.SQLITE_FULL: "free space on its disk",
    sqlite3.SQLITE_IOERR: "look whether its disk is full or broken",
}
_PRIMARY_CODE = 0xFF


@dataclass(frozen=True)
class EngineDatabase:
    """Where DBOS keeps its jobs; the address may hold a password, so it is never shown.

    `password` is asked at each connection, since one is rotated under a service; None leaves it to the address.
    """

    url: str
    password: Callable[[], str] | None = None

    def __repr__(self) -> str:
        return f"EngineDatabase({make_url(self.url).render_as_string()})"

    @property
    def file(self) -> Path | None:
        """The jobs' own file; None where they lie in PostgreSQL."""
        url = make_url(self.url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Connect to the jobs in PostgreSQL, with the password as it is now."""
        import psycopg  # noqa: PLC0415  # 9 MB that SQLite goes without

        link: dict[str, Any] = {**POSTGRESQL_LINK, "application_name": "aip-engine", "options": POSTGRESQL_SERVER_LINK}
        if self.password is not None:
            link["password"] = self.password()
        return psycopg.connect(self.url, **link)

    @contextlib.contextmanager
    def opening(self) -> Iterator[None]:
        """Say in one clear error what keeps DBOS from its jobs.

        Raises:
            LedgerError: they cannot be reached, or are damaged.
        """
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, dbos_error.DBOSException, OSError) as exc:
            cause = exc.orig if isinstance(exc, SQLAlchemyError) and hasattr(exc, "orig") else exc
            reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
            raise LedgerError(
                f"the engine's jobs in {self._place()} cannot be opened: {reason}; {self._remedy(cause)}"
            ) from exc

    def _place(self) -> str:
        return str(self.file or make_url(self.url).render_as_string())

    def _remedy(self, cause: BaseException | None) -> str:
        if self.file is None:
            return "check that the server runs"
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
        return _REMEDIES.get(
            code, "make it writable for this user, or move it away: the next start makes it anew from the ledger"
        )


@dataclass(frozen=True)
class Job:
    """A run as DBOS knows it; `holder` is the service that executes it or will take it from its queue."""

    run_id: str
    status: str
    holder: str | None
    version: str | None

    @property
    def is_terminal(self) -> bool:
        """Tell whether DBOS has done with it."""
        return self.status in _TERMINAL


def configure(database: EngineDatabase, executor: str) -> None:
    """Make this process the executor of that name; DBOS keeps one configuration a process."""
    _use_wal(database.url)
    logging.getLogger("dbos").setLevel(logging.WARNING)
    config = DBOSConfig(
        name="auto-issue-processor",
        system_database_url=database.url,
        executor_id=executor,
        application_version=VERSION,
        log_level="WARNING",
        console_log_level="WARNING",
    )
    # Last in, first out, as for the ledger; DBOS would spread its looks over twenty connections.
    config["db_engine_kwargs"] = {"pool_use_lifo": True} if database.file else {"creator": database.connect}
    DBOS(config=config)
    DBOS.listen_queues([_queue(executor)])


def launch(executor: str, *, concurrency: int, poll_seconds: float) -> None:
    """Start executing: what an earlier life of this executor left goes on at once."""
    DBOS.launch()
    DBOS.register_queue(
        _queue(executor), worker_concurrency=concurrency, polling_interval_sec=poll_seconds, on_conflict="always_update"
    )


def set_concurrency(executor: str, number: int) -> None:
    """Change how many jobs this process executes at once."""
    queue = DBOS.retrieve_queue(_queue(executor))
    if queue is not None:
        queue.set_worker_concurrency(number)


def enqueue(workflow: Workflow, run_id: str, executor: str) -> None:
    """Hand a run over; handing it over twice does nothing."""
    with SetWorkflowID(run_id):
        DBOS.enqueue_workflow(_queue(executor), workflow, run_id)


def move(run_id: str, executor: str) -> None:
    """Give an unfinished job to another executor; the one that had it can record nothing for it any more.

    DBOS forgets how often the job was recovered; the ledger counts the interruptions of a phase over all hosts.
    """
    DBOS.resume_workflow(run_id, queue_name=_queue(executor))


def jobs(run_ids: Iterable[str]) -> dict[str, Job]:
    """Tell what DBOS knows of each run; one that it does not know is absent."""
    wanted = list(run_ids)
    return _read(workflow_ids=wanted) if wanted else {}


def unfinished_jobs() -> dict[str, Job]:
    """Tell every job that is waiting or in flight, whoever holds it."""
    return _read(status=_UNFINISHED)


def forget(run_ids: Collection[str]) -> None:
    """Delete jobs and all they recorded."""
    if run_ids:
        DBOS.delete_workflows(list(run_ids))


def forget_ended(before: float, keep: Collection[str]) -> int:
    """Delete jobs that ended before a time, some at once, and return how many; DBOS keeps them for ever otherwise.

    Args:
        before: seconds since the epoch.
        keep: runs whose end the ledger does not know yet.
    """
    moment = datetime.fromtimestamp(before, UTC).isoformat()
    old = DBOS.list_workflows(
        status=_TERMINAL, completed_before=moment, limit=_FORGET_AT_ONCE, load_input=False, load_output=False
    )
    doomed = [status.workflow_id for status in old if status.workflow_id not in keep]
    forget(doomed)
    return len(doomed)


def shut_down() -> None:
    """Stop taking jobs; those in flight go on at the next start."""
    DBOS.destroy(workflow_completion_timeout_sec=0)


def _queue(executor: str) -> str:
    return f"{_QUEUE_PREFIX}{executor}"


def _read(*, workflow_ids: list[str] | None = None, status: list[str] | None = None) -> dict[str, Job]:
    found = DBOS.list_workflows(workflow_ids=workflow_ids, status=status, load_input=False, load_output=False)
    return {
        job.workflow_id: Job(
            job.workflow_id, job.status, _holder(job.status, job.queue_name, job.executor_id), job.app_version
        )
        for job in found
    }


def _holder(status: str, queue: str | None, executor: str | None) -> str | None:
    # A waiting job belongs to whoever listens to its queue; its executor is still the one before.
    return queue.removeprefix(_QUEUE_PREFIX) if status == "ENQUEUED" and queue is not None else executor


def _use_wal(url: str) -> None:
    # DBOS leaves SQLite's journal in `delete` mode, in which readers and the writer block each other.
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(parsed.database, timeout=_BUSY_SECONDS)
    try:
        use_write_ahead_log(connection, _BUSY_SECONDS)
    finally:
        connection.close()

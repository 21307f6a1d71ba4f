"""Keep the ledger small and quick: forget large values that nothing reads any more, tidy the file, renew statistics.

Totals, runs and the acts of operators stay as they are for ever: the exporter shows the same before and after.
"""

import contextlib
import sqlite3
import time
from typing import cast

from sqlalchemy import text

from processor.errors import DatabaseAway
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.ledger.failures import told
from processor.ledger.retention import Forgotten, count_forgettable, forget
from processor.operations.upkeep.report import Reading, Subject, Upkeep, counted
from processor.settings.sections import MainFile

#: Below this share of free pages rewriting the whole file is not worth it.
_FREE_RATIO = 0.2
#: Rewriting takes about a second for so much, in which writers wait; their patience is 30 s.
_MOST_BYTES_AT_WORK = 500_000_000


def keep_database(ledger: Ledger, main: MainFile, *, dry_run: bool) -> Upkeep:
    """Do it, or say what would be done; nothing waits longer than for any other writer.

    Raises:
        LedgerError: the database refused, or was busy for too long.
    """
    now = time.time()
    with ledger.read() as db:
        before, is_busy = queries.size_bytes(db), bool(queries.active_runs(db))
        wanted = count_forgettable(db, main.upkeep, now)
    if dry_run:
        return _report(wanted, before, None, "statistics would be renewed", dry_run=True)
    with ledger.write() as db:
        done = forget(db, main.upkeep, now)
    tidied = _tidy(ledger, is_busy=is_busy)
    with ledger.read() as db:
        after = queries.size_bytes(db)
    return _report(done, before, after, tidied, dry_run=False)


def _report(done: Forgotten, before: int, after: int | None, tidied: str, *, dry_run: bool) -> Upkeep:
    return Upkeep(
        subject=Subject.DATABASE,
        is_dry_run=dry_run,
        did=(
            *counted(done.runs, "old run", "emptied of patch, report and the agent's words", is_dry_run=dry_run),
            *counted(done.incidents, "old incident", "deleted", is_dry_run=dry_run),
            *counted(done.findings, "old finding", "deleted", is_dry_run=dry_run),
            tidied,
        ),
        readings=(Reading(name="size of the ledger", unit="bytes", before=before, after=after),),
    )


def _tidy(ledger: Ledger, *, is_busy: bool) -> str:
    with told(ledger.engine.url, "failed"):
        if ledger.engine.dialect.name == "postgresql":
            return _tidy_postgresql(ledger)
        with contextlib.closing(ledger.engine.raw_connection()) as pooled:
            try:
                return _tidy_sqlite(cast("sqlite3.Connection", pooled.driver_connection), is_busy=is_busy)
            except sqlite3.Error as exc:
                raise DatabaseAway(
                    f"the ledger {ledger.engine.url.database} cannot be tidied: {exc}; nothing is lost, "
                    "and the next night tries again"
                ) from exc


def _tidy_postgresql(ledger: Ledger) -> str:
    """Free space and renew statistics, of our own tables alone; never FULL, which locks everybody out."""
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        for (name,) in db.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all():
            db.exec_driver_sql(f'VACUUM (ANALYZE) "{name}"')
    return "space freed for new rows, statistics renewed"


def _tidy_sqlite(db: sqlite3.Connection, *, is_busy: bool) -> str:
    pages, free, size = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
    )
    db.execute("PRAGMA analysis_limit = 1000")
    db.execute("ANALYZE")
    if free < pages * _FREE_RATIO:
        return "statistics renewed; the file has little to give back"
    if is_busy or pages * size > _MOST_BYTES_AT_WORK:
        return f"statistics renewed; {free * size} bytes are free inside the file and are used again"
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return "statistics renewed, the file rewritten without its free pages"

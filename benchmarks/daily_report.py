"""What the daily report costs beside its SQL: the same statements, by SQLite's own module and nothing else."""

import sqlite3
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event

from benchmarks.figure import Figure, spread
from benchmarks.large_ledger import make_large_ledger
from benchmarks.scale import Scale
from processor.ledger.connection import Ledger, open_ledger
from processor.model import ReportKind
from processor.reports.files import written
from processor.reports.making import make_report
from processor.settings.sections import MainFile

_TARGET = 1.5
Statement = tuple[str, Any]


def measure(scale: Scale) -> Iterable[Figure]:
    """Measure in turns, over the large ledger; the report ends as JSON."""
    runs = scale.ledger_runs[1]
    with TemporaryDirectory(prefix="aip-bench-") as root:
        state = make_large_ledger(Path(root), runs)
        ledger = open_ledger(state)
        report = partial(_report, ledger, MainFile(state=state))
        statements = _statements(ledger, report)
        with sqlite3.connect(state.directory / "ledger.sqlite") as bare:
            both = [(_seconds(report), _seconds(partial(_execute, bare, statements))) for _ in range(scale.scrapes)]
        ledger.close()
    yield spread(f"daily report, {runs:,} runs", [1000 * whole for whole, _ in both], "ms")
    yield spread(f"its {len(statements)} statements alone", [1000 * sql for _, sql in both], "ms")
    ratios = [whole / sql for whole, sql in both]
    yield spread(f"daily report / bare SQL, {runs:,} runs", ratios, "×", most=_TARGET)


def _report(ledger: Ledger, main: MainFile) -> str:
    report = make_report(ledger, main, ReportKind.DAILY, day=None, now=time.time())
    return written(report, "json", main.reports.thresholds)


def _statements(ledger: Ledger, report: Callable[[], object]) -> list[Statement]:
    """Note what the report asks; after a first one, since statements are prepared once."""
    report()
    found: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(ledger.engine, "before_cursor_execute", note)
    try:
        report()
    finally:
        event.remove(ledger.engine, "before_cursor_execute", note)
    return found


def _execute(connection: sqlite3.Connection, statements: Iterable[Statement]) -> None:
    for statement, parameters in statements:
        connection.execute(statement, parameters).fetchall()


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began

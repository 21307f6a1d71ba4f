"""Take over `auto_issue_metrics.db`, the SQLite file of the original system's dashboard, whole or damaged."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from processor.ledger.imports import ImportedRecord
from processor.logs import PROCESS_REDACTOR
from processor.operations.legacy import old_values, status_rows
from processor.operations.legacy.findings import Findings, Misfit, identity
from processor.operations.legacy.paired_rows import StatusRow

MAGIC: Final = b"SQLite format 3\x00"
_RUNS, _HEALTH = "processing_metrics", "system_health_metrics"
_NEEDED: Final = {"timestamp", "issue_number", "processing_status"}


def read_database(path: Path, file: str, findings: Findings, repository: str, zone: ZoneInfo) -> bool:
    """Take every row that can be read, False for a database of something else; the file itself is never written."""
    # The original system kept no write-ahead log; where somebody's tool left one, it has to be read too.
    has_log = path.with_name(f"{path.name}-wal").exists()
    address = f"file:{quote(str(path))}?mode=ro{'' if has_log else '&immutable=1'}"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = lambda data: data.decode("utf-8", "replace")
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables & {_RUNS, _HEALTH}:
                return False
            if _RUNS in tables:
                rows = _status_rows(database, file, findings, zone)
                status_rows.add_runs(findings, "metrics_db", file, repository, list(rows))
            if _HEALTH in tables:
                _take_health(database, file, findings, zone)
    except sqlite3.Error as exc:
        findings.reject(file, 0, f"cannot be read as a database ({exc})")
    return True


def _status_rows(database: sqlite3.Connection, file: str, findings: Findings, zone: ZoneInfo) -> Iterator[StatusRow]:
    for number, value in _rows(database, _RUNS, file, findings):
        if missing := sorted(_NEEDED - value.keys()):
            findings.reject(file, 0, f"{_RUNS} has no column {', '.join(missing)}")
            return
        try:
            yield status_rows.status_row(number, value, zone)
        except Misfit as exc:
            findings.reject(file, number, f"{_RUNS}: {exc}")


def _take_health(database: sqlite3.Connection, file: str, findings: Findings, zone: ZoneInfo) -> None:
    for number, value in _rows(database, _HEALTH, file, findings):
        try:
            at = old_values.moment("timestamp", value.get("timestamp"), zone)
        except Misfit as exc:
            findings.reject(file, number, f"{_HEALTH}: {exc}")
            continue
        told = {name: item for name, item in value.items() if name not in {"id", "timestamp"} and item is not None}
        content = json.dumps(PROCESS_REDACTOR.redact_value(told), ensure_ascii=False, sort_keys=True)
        findings.add_record(
            ImportedRecord(
                identity=identity("health", at, content),
                kind="health",
                place=f"{file}:{number}",
                at=at,
                issue=None,
                pull_request=None,
                content=content,
            )
        )


def _rows(
    database: sqlite3.Connection, table: str, file: str, findings: Findings
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give row id and columns, up to a place where the file is damaged."""
    database.row_factory = sqlite3.Row
    number = 0
    try:
        for row in database.execute(f"SELECT rowid AS row_number_, * FROM {table} ORDER BY rowid"):  # noqa: S608  # ours
            number = row["row_number_"]
            yield number, {name: row[name] for name in row.keys() if name != "row_number_"}  # noqa: SIM118  # a Row
    except sqlite3.Error as exc:
        findings.reject(file, number + 1, f"{table} cannot be read from here on ({exc})")

"""Take over the rows that the original system wrote when a run started and when it ended."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from processor.ledger.imports import ImportedRun
from processor.logs import PROCESS_REDACTOR
from processor.operations.legacy import old_values
from processor.operations.legacy.findings import Findings, Misfit, identity
from processor.operations.legacy.paired_rows import STATUSES, Pair, StatusRow, pairs

_PULL: Final = re.compile(r"/pull/([1-9][0-9]{0,9})\b")


def status_row(line: int, value: Mapping[str, Any], zone: ZoneInfo) -> StatusRow:
    """Read a row by the names of the database's columns.

    Raises:
        Misfit: with the reason.
    """
    status = str(value.get("processing_status")).strip().lower()
    if status not in STATUSES:
        raise Misfit(f"processing_status is {value.get('processing_status')!r:.60}, not {', '.join(STATUSES)}")
    return StatusRow(
        line=line,
        at=old_values.moment("timestamp", value.get("timestamp"), zone),
        issue=old_values.issue("issue_number", value.get("issue_number")),
        status=status,
        title=old_values.text(value.get("issue_title")) or "",
        priority=old_values.priority(value.get("priority")),
        seconds=old_values.seconds("processing_time_seconds", value.get("processing_time_seconds")),
        error_message=old_values.text(value.get("error_message")),
        pull_request_url=old_values.text(value.get("pr_url")),
    )


def add_runs(findings: Findings, source: str, file: str, repository: str, rows: Iterable[StatusRow]) -> None:
    """Pair the rows and take the runs; rows that say the same count as one."""
    different: dict[StatusRow, StatusRow] = {}
    for row in rows:
        same = replace(row, line=0)
        findings.repeated += same in different
        different.setdefault(same, row)
    for pair in pairs(different.values()):
        findings.add_run(_run(pair, source, file, repository))


def pull_number(url: str | None) -> int | None:
    """Give the number in the address of a pull request; None without one."""
    found = _PULL.search(url or "")
    return int(found[1]) if found else None


def _run(pair: Pair, source: str, file: str, repository: str) -> ImportedRun:
    row, end = pair.row, pair.end
    message = row.error_message and PROCESS_REDACTOR.redact(row.error_message)
    return ImportedRun(
        identity=identity(source, repository, row.issue, pair.start.at if pair.start else row.at),
        source=source,
        place=f"{file}:{row.line}",
        repository=repository,
        issue=row.issue,
        title=PROCESS_REDACTOR.redact(row.title or (pair.start.title if pair.start else "")),
        priority=row.priority or (pair.start.priority if pair.start else None),
        claimed=pair.claimed,
        started_at=pair.started_at,
        finished_at=None if end is None else end.at,
        seconds=row.seconds if row.seconds is not None or end is None or pair.start is None else end.at - pair.start.at,
        error_message=message,
        pull_request=pull_number(row.pull_request_url),
        pull_request_url=row.pull_request_url,
    )

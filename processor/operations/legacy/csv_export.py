"""Take over the CSV that the original system's dashboard exported: one line for each row of its database."""

import csv
from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from processor.operations.legacy import status_rows
from processor.operations.legacy.findings import Findings, Misfit
from processor.operations.legacy.paired_rows import StatusRow

#: The export's headings, and the columns of the database that they are.
_COLUMNS: Final = {
    "timestamp": "timestamp",
    "issue_number": "issue_number",
    "issue_title": "issue_title",
    "status": "processing_status",
    "processing_time": "processing_time_seconds",
}


def is_export(first_line: str) -> bool:
    """Tell by the headings."""
    return set(_COLUMNS) <= {word.strip().strip('"') for word in first_line.lstrip("\ufeff").split(",")}


def read_export(lines: Iterable[str], file: str, findings: Findings, repository: str, zone: ZoneInfo) -> None:
    """Take every line that can be read."""
    status_rows.add_runs(findings, "csv_export", file, repository, list(_rows(lines, file, findings, zone)))


def _rows(lines: Iterable[str], file: str, findings: Findings, zone: ZoneInfo) -> Iterator[StatusRow]:
    reader = csv.reader(line.replace("\0", "\ufffd").lstrip("\ufeff") for line in lines)
    headings: list[str] = []
    try:
        for words in reader:
            if not headings:
                headings = [word.strip() for word in words]
            elif words:
                try:
                    yield status_rows.status_row(reader.line_num, _named(headings, words), zone)
                except Misfit as exc:
                    findings.reject(file, reader.line_num, str(exc), ",".join(words))
    except csv.Error as exc:
        findings.reject(file, reader.line_num, f"cannot be read from here on ({exc})")


def _named(headings: list[str], words: list[str]) -> dict[str, str]:
    if len(words) != len(headings):
        raise Misfit(f"has {len(words)} columns, not {len(headings)}")
    named = dict(zip(headings, words, strict=True))
    return {ours: named[theirs] for theirs, ours in _COLUMNS.items()}

"""What reading the old files gave: runs, records, and every row that was refused, with its reason."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from processor.ledger.imports import ImportedRecord, ImportedRun

_LONGEST_EXCERPT = 120


class Misfit(ValueError):
    """A row is not what its format says; the message is the reason."""


@dataclass(frozen=True)
class Rejection:
    """A row that cannot be taken over, and why; `line` is the row in a database, and 0 for a whole file."""

    file: str
    line: int
    reason: str
    excerpt: str = ""


@dataclass
class Findings:
    """Filled while the files are read."""

    runs: dict[str, ImportedRun] = field(default_factory=dict)
    records: dict[str, ImportedRecord] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)  #: runs and records seen, by source or kind, repeated ones too
    repeated: int = 0  #: rows that say again what another one said
    damaged: int = 0  #: lines with bytes that are no text, read as far as they can be
    files: list[str] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)  #: files of no known format
    doubts: list[str] = field(default_factory=list)

    def add_run(self, run: ImportedRun) -> None:
        """Take a run; the first one that tells of an end stands."""
        self.rows[run.source] += 1
        known = self.runs.get(run.identity)
        self.repeated += known is not None
        if known is None or (known.claimed == "unknown" and run.claimed != "unknown"):
            self.runs[run.identity] = run

    def add_record(self, record: ImportedRecord) -> None:
        """Take a record, once."""
        self.rows[record.kind] += 1
        self.repeated += record.identity in self.records
        self.records.setdefault(record.identity, record)

    def reject(self, file: str, line: int, reason: str, excerpt: str = "") -> None:
        """Note a row that cannot be taken over."""
        shortened = excerpt if len(excerpt) <= _LONGEST_EXCERPT else f"{excerpt[:_LONGEST_EXCERPT]}…"
        self.rejected.append(Rejection(file, line, reason, shortened))


def identity(*parts: object) -> str:
    """Make the same identity of the same parts, on every machine and in every import."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]

"""Keep records in memory and in one SQLite file; a transaction is in both or in neither."""

import fcntl
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import RLock
from typing import Protocol, TypeVar

from processor.forge.storage import activity, records
from processor.forge.storage.records import Parent


class Record(Protocol):
    """What the store needs of a record; every record is a frozen dataclass."""

    @property
    def id(self) -> int:
        """Return the number that is unique in the forge."""
        ...

    @property
    def parent(self) -> Parent:
        """Return the key under which the record is listed."""
        ...


R = TypeVar("R", bound=Record)
KINDS: tuple[type[Record], ...] = (
    records.User, records.Token, records.App, records.Installation, records.Repository, records.Label,
    records.Issue, records.Pull, activity.Comment, activity.Event, activity.Review, activity.Status,
    activity.CheckRun, activity.SecurityScan, activity.SecurityAlert,
)  # fmt: skip
SCHEMA = """
CREATE TABLE IF NOT EXISTS record (kind TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS last_id (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
"""


class Store:
    """Hold every record of one forge root, for one process at a time.

    Records are frozen, so what a reader got never changes under it. Writers hold the one lock from the
    first look to the commit.
    """

    def __init__(self, root: Path) -> None:
        """Open or create the store in `root`; raise RuntimeError when another process has it open."""
        root.mkdir(parents=True, exist_ok=True)
        self._lock_file = (root / "forge.lock").open("w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            self._lock_file.close()
            raise RuntimeError(f"{root} is served by another forge; stop that one or use another folder") from exc
        self._lock = RLock()
        self._depth = 0
        self._undo: list[tuple[type[Record], int, Record | None]] = []
        self._tables: dict[type[Record], dict[int, Record]] = {kind: {} for kind in KINDS}
        self._families: dict[tuple[type[Record], Parent], dict[int, Record]] = {}
        self._file = sqlite3.connect(root / "forge.sqlite3", check_same_thread=False, isolation_level=None)
        self._file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)
        self._last_id = 0
        self._load()

    def close(self) -> None:
        """Close the file and let another forge have the root."""
        with self._lock:
            self._file.close()
            self._lock_file.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lock; keep all changes when the outermost block ends, none when it raises."""
        with self._lock:
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._roll_back()
                raise
            else:
                if self._depth == 1:
                    self._commit()
            finally:
                self._depth -= 1

    def next_id(self) -> int:
        """Return a number that no record has had."""
        with self._lock:
            self._last_id += 1
            return self._last_id

    def put(self, record: R) -> R:
        """Add the record, or replace the one with its id; return it."""
        with self.transaction():
            self._undo.append((type(record), record.id, self._tables[type(record)].get(record.id)))
            self._place(type(record), record.id, record)
        return record

    def remove(self, record: Record) -> None:
        """Forget the record."""
        with self.transaction():
            self._undo.append((type(record), record.id, record))
            self._place(type(record), record.id, None)

    def all(self, kind: type[R]) -> list[R]:
        """Return the records of a kind, oldest first."""
        with self._lock:
            return list(self._tables[kind].values())  # type: ignore[arg-type]

    def children(self, kind: type[R], *parent: int | str) -> list[R]:
        """Return the records of a kind listed under `parent`, oldest first."""
        with self._lock:
            return list(self._families.get((kind, parent), {}).values())  # type: ignore[arg-type]

    def get(self, kind: type[R], record_id: int) -> R | None:
        """Return the record, or None."""
        with self._lock:
            return self._tables[kind].get(record_id)  # type: ignore[return-value]

    def _place(self, kind: type[Record], record_id: int, record: Record | None) -> None:
        old = self._tables[kind].get(record_id)
        if old is not None and (record is None or record.parent != old.parent):
            del self._families[kind, old.parent][record_id]
        if record is None:
            self._tables[kind].pop(record_id, None)
        else:
            self._tables[kind][record_id] = record
            self._families.setdefault((kind, record.parent), {})[record_id] = record

    def _commit(self) -> None:
        changed = {(kind, record_id) for kind, record_id, _ in self._undo}
        if not changed:
            return
        try:
            self._file.execute("BEGIN IMMEDIATE")
            for kind, record_id in changed:
                self._write(kind, record_id)
            self._file.execute("INSERT OR REPLACE INTO last_id VALUES (1, ?)", (self._last_id,))
            self._file.execute("COMMIT")
        except sqlite3.Error:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            self._roll_back()
            raise
        self._undo.clear()

    def _write(self, kind: type[Record], record_id: int) -> None:
        record = self._tables[kind].get(record_id)
        if record is None:
            self._file.execute("DELETE FROM record WHERE kind = ? AND id = ?", (kind.__name__, record_id))
            return
        body = json.dumps(asdict(record))  # type: ignore[call-overload]
        self._file.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind.__name__, record_id, body))

    def _roll_back(self) -> None:
        for kind, record_id, old in reversed(self._undo):
            self._place(kind, record_id, old)
        self._undo.clear()

    def _load(self) -> None:
        kinds = {kind.__name__: kind for kind in KINDS}
        for name, record_id, body in self._file.execute("SELECT kind, id, body FROM record ORDER BY id"):
            values = json.loads(body)
            frozen = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
            self._place(kinds[name], record_id, kinds[name](**frozen))
        row = self._file.execute("SELECT value FROM last_id").fetchone()
        self._last_id = row[0] if row else 0

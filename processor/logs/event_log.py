"""Keep `logs/auto_issue_processor.log`, the operator's log: one line an event, rotated, whatever `log_level` is."""

import contextlib
import fcntl
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Protocol, Self

import structlog

from processor.errors import ResourceError
from processor.logs.event_lines import Line, format_line
from processor.logs.events import EVENT_LINE_LOST
from processor.logs.redaction import PROCESS_REDACTOR, Redactor

FILE_NAME = "auto_issue_processor.log"


class LogPlace(Protocol):
    """What `settings.logs` says: the folder, and when and how often to rotate."""

    @property
    def directory(self) -> Path: ...

    @property
    def max_bytes(self) -> int: ...

    @property
    def backup_count(self) -> int: ...


def _local_now() -> datetime:
    return datetime.now(UTC).astimezone()


class EventLog:
    """The operator's log, which the service alone writes.

    Safe to use from several threads, and by several services in one folder: they write and rotate in turn. Every write
    is handed to the system (flushed) when it returns, so that a kill loses nothing.
    """

    def __init__(
        self, place: LogPlace, *, now: Callable[[], datetime] = _local_now, redactor: Redactor = PROCESS_REDACTOR
    ) -> None:
        """Open the log; its folder is made when missing.

        Raises:
            ResourceError: the file cannot be written.
        """
        self.path = place.directory / FILE_NAME
        self._now = now
        self._redactor = redactor
        try:
            with _turn_in(self.path.parent):
                self._file = _RotatingFile(self.path, place.max_bytes, place.backup_count)
        except OSError as exc:
            raise ResourceError(
                f"{self.path} cannot be opened for writing ({exc.strerror}); make it writable for this user, "
                "or set logs.directory in auto_issue_processor.yaml"
            ) from exc

    def write(self, *lines: Line) -> None:
        """Write lines of one moment together: no rotation and no other thread comes between them.

        A full disk loses the lines, which is said on stdout (`event_line.lost`), and fails no run.
        """
        moment = self._now()
        texts = [format_line(self._redacted(line), moment) for line in lines]
        if texts:
            self._file.handle(logging.makeLogRecord({"msg": "\n".join(texts), "levelno": logging.INFO}))

    def _redacted(self, line: Line) -> Line:
        return replace(line, fields=tuple((key, self._redactor.redact(value)) for key, value in line.fields))

    def close(self) -> None:
        """Close the file; nothing may be written afterwards."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_same_file(path: Path, stream: TextIOWrapper) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _turn_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process that holds it; a folder that is gone is made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _end_last_line(path: Path) -> None:
    """End a line that a full disk or a kill cut off, or the next one would be taken for a part of it."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")


class _RotatingFile(RotatingFileHandler):
    """The library's rotation, on a file that other services write too, and an operator may move or delete."""

    def __init__(self, path: Path, max_bytes: int, backup_count: int) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=backup_count, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            with _turn_in(Path(self.baseFilename).parent):
                self._follow()
                super().emit(record)
        except OSError:
            self.handleError(record)

    def _follow(self) -> None:
        """Open the file anew when another one, or none, stands under its name (another service, logrotate, rm)."""
        path = Path(self.baseFilename)
        if self.stream is not None and _is_same_file(path, self.stream):
            return
        if self.stream is not None:
            self.stream.close()
        self.stream = self._open()

    def _open(self) -> TextIOWrapper:
        _end_last_line(Path(self.baseFilename))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        reason = str(sys.exc_info()[1])
        lines = record.getMessage().count("\n") + 1
        structlog.get_logger("logs").error(EVENT_LINE_LOST, path=self.baseFilename, lines=lines, reason=reason)

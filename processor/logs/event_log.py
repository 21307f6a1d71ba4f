"""Keep `logs/auto_issue_processor.log`, the operator's log: one line an event, rotated, whatever `log_level` is."""

import logging
import os
import sys
from collections.abc import Callable
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
    """The operator's log. The service alone writes it: two writers would rotate it under each other.

    Safe to use from several threads; every write is on disk (flushed) when it returns.
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
            self.path.parent.mkdir(parents=True, exist_ok=True)
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


class _RotatingFile(RotatingFileHandler):
    """The library's rotation, on a file that an operator may move or delete while the service runs."""

    def __init__(self, path: Path, max_bytes: int, backup_count: int) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=backup_count, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._follow()
        except OSError:
            self.handleError(record)
        else:
            super().emit(record)

    def _follow(self) -> None:
        """Open the file anew when another one, or none, stands under its name (logrotate, gzip, rm)."""
        path = Path(self.baseFilename)
        if self.stream is not None and _is_same_file(path, self.stream):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.stream is not None:
            self.stream.close()
        self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        reason = str(sys.exc_info()[1])
        lines = record.getMessage().count("\n") + 1
        structlog.get_logger("logs").error(EVENT_LINE_LOST, path=self.baseFilename, lines=lines, reason=reason)

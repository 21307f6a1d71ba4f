"""Set up the log on stdout: JSON lines, or coloured text on a terminal, for our events and those of libraries."""

import io
import json
import logging
import sys
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from typing import Protocol, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from processor.logs.redaction import PROCESS_REDACTOR, Redactor

_HANDLER_NAME = "processor.stdout"
_FIRST_KEYS = ("time", "level", "event", "logger")
# These tell of every request and every tick at INFO: of interest only to someone who debugs.
_LIBRARIES = ("uvicorn", "uvicorn.access", "uvicorn.error", "apscheduler", "dbos", "alembic", "urllib3", "github")


class LogLevels(Protocol):
    """What `settings.main` says of the log: `debug` wins over `log_level`."""

    @property
    def debug(self) -> bool: ...

    @property
    def log_level(self) -> str: ...


def configure_logging(
    levels: LogLevels,
    *,
    is_terminal: bool | None = None,
    stream: TextIO | None = None,
    redactor: Redactor = PROCESS_REDACTOR,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Send our events and the libraries' to one stream; may be called again, for example when the level changes.

    Args:
        is_terminal: coloured text instead of JSON; found out from the stream when None.
        stream: standard output when None.
    """
    stream = stream or sys.stdout
    _never_fail_on_a_character(stream)
    rendering = _console() if (stream.isatty() if is_terminal is None else is_terminal) else _json()
    chain = _shared_chain(redactor, now)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *chain,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.name = _HANDLER_NAME
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    _install(handler, logging.DEBUG if levels.debug else logging.getLevelNamesMapping()[levels.log_level])


def _install(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    for old in [installed for installed in root.handlers if installed.name == _HANDLER_NAME]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        # DBOS prints on its own unless it finds a handler; this one keeps it quiet.
        library.handlers = [logging.NullHandler()]
        library.propagate = True
        library.setLevel(logging.INFO if level == logging.DEBUG else max(level, logging.WARNING))
    # It calls an output format of bandit that we do not use, and that needs a package of its own, an error.
    logging.getLogger("stevedore").setLevel(logging.CRITICAL)


def _shared_chain(redactor: Redactor, now: Callable[[], datetime]) -> list[Processor]:
    def add_time(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["time"] = now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event

    def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {
            key: value if key.startswith("_") else redactor.redact_value(value)
            for key, value in _ordered(event).items()
        }

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        add_time,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]


def _ordered(event: MutableMapping[str, object]) -> dict[str, object]:
    first = {key: event[key] for key in _FIRST_KEYS if key in event}
    return first | {key: value for key, value in event.items() if key not in first}


def _json() -> list[Processor]:
    def dump(event: object, **_: object) -> str:
        text = json.dumps(event, ensure_ascii=False, default=str)
        # A file name that is no UTF-8 holds lone surrogates, which no stream can encode.
        return text.encode("utf-8", "backslashreplace").decode("utf-8")

    return [structlog.processors.JSONRenderer(serializer=dump)]


def _console() -> list[Processor]:
    def make_printable(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        # Text of strangers must not steer the terminal.
        return {key: _printable(value) if isinstance(value, str) else value for key, value in event.items()}

    plain = structlog.dev.plain_traceback
    return [make_printable, structlog.dev.ConsoleRenderer(timestamp_key="time", exception_formatter=plain)]


def _printable(text: str) -> str:
    return "".join(
        character if character.isprintable() or character in "\n\t" else character.encode("unicode_escape").decode()
        for character in text
    )


def _never_fail_on_a_character(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")

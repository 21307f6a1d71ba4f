"""The log on stdout, written to a string and read back as values."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog


@dataclass
class Written:
    """What was logged."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    def events(self) -> list[dict[str, Any]]:
        """Read the lines as JSON."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    """Give a stream to log to, and put logging back as it was."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    loggers = {name: logging.getLogger(name) for name in ("uvicorn", "dbos", "alembic", "apscheduler", "urllib3")}
    state = {name: (logger.level, list(logger.handlers), logger.propagate) for name, logger in loggers.items()}
    yield Written()
    root.setLevel(before[0])
    root.handlers = before[1]
    for name, (level, handlers, propagate) in state.items():
        loggers[name].setLevel(level)
        loggers[name].handlers, loggers[name].propagate = handlers, propagate
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()

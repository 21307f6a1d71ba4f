"""Deal the tests to the workers, and leave each process as it was: no test decides what the next one prints."""

import logging
import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.ordering import dealt

# The machine that runs the tests may be busy: slow examples are no fault of what is tested. The same examples are drawn
# each time, so that no test fails by chance; `--hypothesis-profile thorough` draws many others.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("patient", _PATIENT, derandomize=True)
settings.register_profile("thorough", _PATIENT, derandomize=False, max_examples=6000)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = [items[index] for index in dealt([item.nodeid.partition("::")[0] for item in items], workers)]


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()

"""Deal the tests to the workers, alike on every machine; no test decides what the next one prints."""

import logging
import os
import re
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.ordering import dealt

#: What the shell of a developer or of CI tells programs: a test that means one of them sets it.
#: `AIP_TEST_` is told to the tests themselves.
_TOLD = re.compile(
    r"(?!AIP_TEST_)((?i:https?_proxy|all_proxy|no_proxy)|(AUTO_ISSUE|AIP|GIT|PG|GITHUB|GH|TEXTUAL|ANTHROPIC|OPENAI)[A-Z]*_\w+|PG[A-Z]+"
    r"|COLUMNS|LINES|(NO|FORCE|CLI)_?COLOR(_FORCE)?|MALLOC_ARENA_MAX|PYTHONUNBUFFERED|(SSL|REQUESTS|CURL)_\w+)"
)
for _name in [name for name in os.environ if _TOLD.fullmatch(name)]:
    del os.environ[_name]
os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "TERM": "xterm"}

# The machine that runs the tests may be busy: slow examples are no fault of what is tested. The same examples are drawn
# each time, so that no test fails by chance; `--hypothesis-profile thorough` draws many others.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("patient", _PATIENT, derandomize=True)
settings.register_profile("thorough", _PATIENT, derandomize=False, max_examples=1500)
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

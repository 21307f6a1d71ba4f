"""The Prometheus that holds the busy month, for all tests of what dashboards show."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.grafana.month.stage import Month, busy_month
from tests.monitoring.conftest import Tools, tools

__all__ = ["tools"]


@pytest.fixture(scope="session")
def month(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """Play the month once; with several workers each that needs it plays its own."""
    with busy_month(tools.prometheus, tmp_path_factory.mktemp("month")) as played:
        yield played


@pytest.fixture
def db(month: Month) -> Iterator[Connection]:
    """Read the ledger of the month."""
    with month.ledger.read() as connection:
        yield connection

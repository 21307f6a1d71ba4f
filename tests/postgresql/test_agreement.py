"""On PostgreSQL, too, the reports, plain SQL, the exporter and Prometheus have the same numbers of a day and a week."""

import secrets
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from processor.ledger.connection import open_ledger
from processor.settings.sections import State
from tests.agreement.drawing import worlds
from tests.agreement.happenings import World
from tests.agreement.showing import Watching
from tests.agreement.test_numbers import LIMIT_SECONDS, check, prometheus
from tests.monitoring.conftest import tools
from tests.postgresql.cluster import PASSWORD, Cluster

__all__ = ["prometheus", "tools"]


@pytest.mark.timeout(LIMIT_SECONDS)
@settings(max_examples=settings.default.max_examples // 16)
@given(world=worlds())
def test_the_report_is_plain_sql_is_prometheus(
    cluster: Cluster, template: str, prometheus: Watching, world: World
) -> None:
    name = f"aip_{secrets.token_hex(4)}"
    cluster.admin(f"CREATE DATABASE {name} TEMPLATE {template}")
    with tempfile.TemporaryDirectory() as folder:
        state = State(directory=Path(folder), database_url=cluster.url(name))
        ledger = open_ledger(state, PASSWORD)
        try:
            check(world, ledger, state, prometheus, {"PGPASSWORD": PASSWORD})
        finally:
            ledger.close()
            cluster.admin(f"DROP DATABASE {name} WITH (FORCE)")

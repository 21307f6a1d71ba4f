"""Everything that the ledger keeps and refuses on SQLite, once more on PostgreSQL: the same tests, another `ledger`."""

import inspect

from tests.ledger import test_alerts, test_imports, test_migrations, test_periods, test_reports, test_runs

for module in (test_alerts, test_imports, test_migrations, test_periods, test_reports, test_runs):
    globals().update({name: test for name, test in inspect.getmembers(module) if name.startswith("test_")})


def test_there_is_something_to_repeat() -> None:
    assert len([name for name in globals() if name.startswith("test_")]) > 10

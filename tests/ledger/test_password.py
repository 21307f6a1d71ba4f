"""A password for PostgreSQL is no concern of a ledger in a file."""

from pathlib import Path

from processor.ledger import overrides
from processor.service.assembly import open_ledger_of
from processor.settings.sections import MainFile, Settings, State


def test_a_file_is_opened_although_pgpassword_is_set(tmp_path: Path) -> None:
    settings = Settings(main=MainFile(state=State(directory=tmp_path)))
    ledger = open_ledger_of(settings, {"PGPASSWORD": "of another program"})
    ledger.engine.dispose()  # so that the next use connects anew
    with ledger.read() as db:
        assert overrides.list_overrides(db) == ()
    ledger.close()

"""A new ledger in SQLite, copied from one that each test process makes once: migrations are most of what one costs."""

import tempfile
from functools import cache
from pathlib import Path

from processor.ledger.connection import Ledger, open_ledger
from processor.settings.sections import State

_FILE = "ledger.sqlite"


def new_ledger(state: State) -> Ledger:
    """Open the ledger of a folder; where there is none, a new one."""
    file = state.directory / _FILE
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_made())
    return open_ledger(state)


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        open_ledger(State(directory=Path(folder))).close()
        return Path(folder, _FILE).read_bytes()

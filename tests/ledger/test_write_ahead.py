"""Programs that open a new SQLite file at once wait for one another."""

import sqlite3
import threading
from pathlib import Path

import pytest

from processor.ledger.write_ahead import use_write_ahead_log


def test_the_switch_waits_for_whoever_makes_the_file(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    maker = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    maker.execute("BEGIN IMMEDIATE")
    maker.execute("CREATE TABLE facts (key)")
    other = sqlite3.connect(file, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        use_write_ahead_log(other, 0)
    end = threading.Timer(0.1, maker.commit)
    end.start()
    use_write_ahead_log(other, 60)
    end.join()
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    maker.close()
    other.close()

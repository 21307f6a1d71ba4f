"""Write down, once a minute, what this host carries: the weekly report says how its use developed."""

import socket
from collections.abc import Callable

from processor.ledger import host_hours
from processor.ledger.connection import Ledger
from processor.ledger.host_hours import HostReading
from processor.operations.load_level import LoadReading

SECONDS_BETWEEN_READINGS = 60.0


def note_host_use(ledger: Ledger, read: Callable[[], LoadReading], now: float) -> None:
    """Add a reading to the hour; one without processors or memory, such as the first, is none.

    Raises:
        LedgerError: it cannot be reached; the reading is lost.
    """
    found = read()
    if found.cpu_ratio is None or found.memory_ratio is None:
        return
    reading = HostReading(
        cpu_ratio=found.cpu_ratio,
        memory_ratio=found.memory_ratio,
        disk_ratio=found.disk_ratio or 0.0,
        load_per_core=found.load_per_core or 0.0,
    )
    with ledger.write() as db:
        host_hours.add_reading(db, socket.gethostname(), reading, now)

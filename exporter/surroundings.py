"""What collectors are made from."""

from collections.abc import Callable
from dataclasses import dataclass

from exporter.ledger_reading import LedgerReading
from processor.settings.sections import Settings


@dataclass(frozen=True)
class Surroundings:
    """The settings at the start, the one reading of the ledger that all share, and the clock (epoch seconds)."""

    settings: Settings
    ledger: LedgerReading
    clock: Callable[[], float]

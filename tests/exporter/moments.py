"""A clock that tells what the test wants, and what a collector shows at that moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from exporter.catalogue import Kind
from exporter.ledger_reading import LedgerReading
from exporter.surroundings import Surroundings
from processor.ledger.queries import LedgerDoor
from processor.settings.load import load_settings
from tests.exporter.conftest import Office

TOKYO = "Asia/Tokyo"
#: By the values of the labels that were not asked for, in the order of their names.
Shown = dict[tuple[str, ...], float]


def moment(text: str, zone: str = TOKYO, *, fold: int = 0) -> float:
    """Give a time on the clock of a zone in seconds of the epoch; `fold` 1 is the second one when clocks go back."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


class Clock:
    """Tells the time that the test wants it to be."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@contextmanager
def showing(office: Office, clock: Clock, kind: Kind) -> Iterator[Callable[..., Shown]]:
    """Give what a collector of the office shows: `ask(name, **labels)`; what is 0 is left out."""
    settings = load_settings(office.root / "configs", {})
    reading = LedgerReading(LedgerDoor(settings.main.state), clock)
    collector = kind(Surroundings(settings, reading, clock))

    def ask(name: str, **labels: str) -> Shown:
        found = {}
        for metric in collector.collect():
            for sample in metric.samples:
                if sample.name == name and labels.items() <= sample.labels.items() and sample.value:
                    rest = tuple(value for key, value in sorted(sample.labels.items()) if key not in labels)
                    found[rest] = sample.value
        return found

    yield ask
    reading.close()

"""Keep samples as Prometheus would: series by their labels, and a mark where a series ended."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Labels = tuple[tuple[str, str], ...]
#: What Prometheus writes where a series is gone: a NaN of its own.
STALE: float = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]


@dataclass
class Samples:
    """The samples of one series, in the order of time."""

    moments: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, moment: float, value: float) -> None:
        self.moments.append(moment)
        self.values.append(value)


class Target:
    """What is scraped of one target, whose labels every series has besides its own."""

    def __init__(self, **labels: str) -> None:
        self.labels = tuple(labels.items())
        self.series: dict[Labels, Samples] = {}
        self._gone: set[Labels] = set()

    def note(self, moment: float, samples: Iterable[tuple[Labels, float]]) -> None:
        """Take in one scrape: `__name__` and the labels of each series, with its value."""
        for labels, value in samples:
            series = self.series.get(labels)
            if series is None:
                series = self.series[labels] = Samples()
            series.moments.append(moment)
            series.values.append(value)
        for labels, series in self.series.items():
            if series.moments[-1] == moment:
                self._gone.discard(labels)
            elif labels not in self._gone:
                series.add(moment, STALE)
                self._gone.add(labels)

    def whole(self) -> Iterator[tuple[Labels, Samples]]:
        """Give every series with all of its labels."""
        for labels, series in self.series.items():
            yield labels + self.labels, series

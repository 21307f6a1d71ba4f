"""Describe a metric family once: what is exposed, what docs/metrics.md says, and an example query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from prometheus_client.core import Metric

Labels = Mapping[str, str]


class Kind(StrEnum):
    """The types of the exposition formats that are used here."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family. `name` is the full one, with `_total` for a counter; `example` is a query somebody would ask."""

    name: str
    kind: Kind
    help: str
    example: str
    labels: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The base unit that the name ends in; empty for a plain count."""
        words = self.name.removesuffix("_total").split("_")
        return next((word for word in reversed(words) if word in {"seconds", "bytes", "ratio", "dollars"}), "")

    def metric(self) -> Metric:
        """Make an empty metric; OpenMetrics names a counter without `_total`."""
        name = self.name.removesuffix("_total") if self.kind is Kind.COUNTER else self.name.removesuffix("_info")
        return Metric(name, self.help, self.kind)

    def with_values(self, values: Iterable[tuple[Labels, float]]) -> Metric:
        """Make the metric of a gauge or counter from its label sets and values."""
        metric = self.metric()
        for labels, value in values:
            metric.add_sample(self.name, dict(labels), value)
        return metric

    def with_value(self, value: float | None) -> Metric:
        """Make a metric without labels; None says that there is no such value, and the family has no sample."""
        return self.with_values([] if value is None else [({}, value)])


def every_combination(labels: Sequence[str], domains: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, ...]]:
    """Give every tuple of label values, in the order of `labels`."""
    return product(*(domains[label] for label in labels))

"""Make counters, histograms and gauges of what was counted; every label set is there from the first scrape on."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from prometheus_client.core import Exemplar, Metric
from prometheus_client.samples import Sample
from prometheus_client.utils import floatToGoString

from exporter.family import Family, every_combination
from processor.ledger.queries import Total

#: The value of a closed label for what a newer or older program wrote.
OTHER = "other"
_BUCKET = "le:"
Key = tuple[str, ...]


class Domains:
    """The values that each label of a family may have.

    `closed` labels are enumerations: a stranger counts as `other`. `open_` labels are closed by the settings, and take
    in what the ledger already holds, such as a repository that was taken out of the settings.
    """

    def __init__(
        self, closed: Mapping[str, Sequence[str]] | None = None, open_: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._closed = {label: tuple(map(str, values)) for label, values in (closed or {}).items()}
        self._open = {label: tuple(values) for label, values in (open_ or {}).items()}

    def key(self, labels: Mapping[str, str], order: Sequence[str]) -> Key:
        """Give the label values of a stored total in order."""
        return tuple(self._value(label, labels.get(label, OTHER)) for label in order)

    def every_key(self, order: Sequence[str], found: Sequence[Key]) -> list[Key]:
        """Give every combination, those of the ledger's own values included."""
        values = {**self._closed, **self._open}
        for position, label in enumerate(order):
            values[label] = tuple(dict.fromkeys((*values[label], *sorted({key[position] for key in found}))))
        return list(every_combination(order, values))

    def _value(self, label: str, value: str) -> str:
        return value if label in self._open or value in self._closed[label] else OTHER


def gauge(family: Family, values: Mapping[Key, float], domains: Domains) -> Metric:
    """Make a gauge from values by their labels, in the order of the family's; what is not named is 0."""
    found: defaultdict[Key, float] = defaultdict(float)
    for key, value in values.items():
        found[domains.key(dict(zip(family.labels, key, strict=True)), family.labels)] += value
    keys = domains.every_key(family.labels, tuple(found))
    return family.with_values((dict(zip(family.labels, key, strict=True)), found.get(key, 0.0)) for key in keys)


def counter(family: Family, totals: Sequence[Total], domains: Domains, born_at: float | None) -> Metric:
    """Make a counter; its created time is the ledger's birth."""
    values: defaultdict[Key, float] = defaultdict(float)
    for total in totals:
        values[domains.key(total.labels, family.labels)] += total.value
    metric = family.metric()
    for key in domains.every_key(family.labels, tuple(values)):
        labels = dict(zip(family.labels, key, strict=True))
        metric.add_sample(family.name, labels, values.get(key, 0.0))
        _add_created(metric, labels, born_at)
    return metric


def histogram(
    family: Family,
    bounds: Sequence[float],
    totals: Sequence[Total],
    domains: Domains,
    born_at: float | None,
) -> Metric:
    """Make a histogram; the stored buckets are not cumulative, the exposed ones are."""
    stored: defaultdict[Key, list[Total]] = defaultdict(list)
    for total in totals:
        stored[domains.key(total.labels, family.labels)].append(total)
    metric = family.metric()
    for key in domains.every_key(family.labels, tuple(stored)):
        series = _series(family.name, family.labels, key, tuple(bounds))
        metric.samples += _filled(series, bounds, stored.get(key, ()))
        _add_created(metric, series.labels, born_at)
    return metric


@dataclass(frozen=True)
class _Series:
    """What does not change between scrapes in one histogram of a family: names and labels."""

    name: str
    labels: dict[str, str]
    with_edges: tuple[dict[str, str], ...]


@cache
def _series(name: str, labels: tuple[str, ...], key: Key, bounds: tuple[float, ...]) -> _Series:
    named = dict(zip(labels, key, strict=True))
    edges = (*map(floatToGoString, bounds), "+Inf")
    return _Series(name, named, tuple({**named, "le": edge} for edge in edges))


def _filled(series: _Series, bounds: Sequence[float], stored: Sequence[Total]) -> list[Sample]:
    counts = [0.0] * len(series.with_edges)
    exemplars: list[Exemplar | None] = [None] * len(counts)
    seconds = 0.0
    for total in stored:
        if not total.part.startswith(_BUCKET):
            seconds += total.value
            continue
        # An edge of an older program that is no edge any more counts in the next larger bucket.
        position = bisect_left(bounds, float(total.part.removeprefix(_BUCKET)))
        counts[position] += total.value
        exemplars[position] = _exemplar(total) or exemplars[position]
    name = f"{series.name}_bucket"
    samples = [
        Sample(name, labels, count, None, exemplar)
        for labels, count, exemplar in zip(series.with_edges, accumulate(counts), exemplars, strict=True)
    ]
    samples.append(Sample(f"{series.name}_count", series.labels, sum(counts)))
    samples.append(Sample(f"{series.name}_sum", series.labels, seconds))
    return samples


def _exemplar(bucket: Total) -> Exemplar | None:
    if bucket.exemplar_run is None or bucket.exemplar_value is None:
        return None
    return Exemplar({"run_id": bucket.exemplar_run}, bucket.exemplar_value, bucket.exemplar_at)


def _add_created(metric: Metric, labels: dict[str, str], born_at: float | None) -> None:
    if born_at is not None:
        metric.add_sample(f"{metric.name}_created", labels, born_at)

"""Show the closed day against the seven before it, and the closed week against the four before it, exactly.

```
aip_report_trend_runs{ago="0",outcome="success",period="week"} 118.0
aip_report_trend_start_timestamp_seconds{ago="4",period="week"} 1.7927e+09
```
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from prometheus_client.core import Metric

from exporter.family import Family, Kind, Labels
from exporter.per_period import SETTLING_SECONDS, PerPeriod
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from processor.ledger.queries import (
    NOTHING,
    PeriodSummary,
    families,
    period_summary,
    pull_requests_closed_between,
)
from processor.model import Outcome, Period, closed_days, closed_weeks

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_report_trend_runs",
        kind=Kind.GAUGE,
        labels=("period", "ago", "outcome"),
        help="Runs that ended in each of the last 8 closed days and 5 closed weeks; the last closed one is ago 0",
        example='sum by (ago) (aip_report_trend_runs{period="week", outcome!="cancelled"})',
    ),
    Family(
        name="aip_report_trend_work_seconds",
        kind=Kind.GAUGE,
        labels=("period", "ago"),
        help="Time of work on all processed runs of a closed day or week together",
        example='aip_report_trend_work_seconds{period="week"} / 3600',
    ),
    Family(
        name="aip_report_trend_duration_seconds_max",
        kind=Kind.GAUGE,
        labels=("period", "ago"),
        help="Longest time of work on a processed run of a closed day or week; absent without runs",
        example='max(aip_report_trend_duration_seconds_max{period="day"})',
    ),
    Family(
        name="aip_report_trend_cost_dollars",
        kind=Kind.GAUGE,
        labels=("period", "ago"),
        help="US dollars that agents reported for the runs that ended in a closed day or week; absent when none did",
        example='sum(aip_report_trend_cost_dollars{period="week", ago="0"})',
    ),
    Family(
        name="aip_report_trend_pull_requests",
        kind=Kind.GAUGE,
        labels=("period", "ago", "result"),
        help="Our pull requests that people merged, or closed without a merge, in a closed day or week, as last seen",
        example='sum by (result) (aip_report_trend_pull_requests{period="week", ago="0"})',
    ),
    Family(
        name="aip_report_trend_start_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("period", "ago"),
        help="Time at which a closed day or week began",
        example='aip_report_trend_start_timestamp_seconds{period="week"} * 1000',
    ),
)
_DAYS, _WEEKS = 8, 5
#: A merge is noted down when we next look at the pull request.
_PULL_REQUESTS_KEPT_SECONDS: Final = 60.0


@dataclass(frozen=True)
class _Line:
    """What is known of one closed period."""

    labels: Mapping[str, str]
    period: Period
    summary: PeriodSummary
    pull_requests: Mapping[str, int]

    def is_of(self, made_at: float | None) -> bool:
        """Tell whether the ledger knows of it: it was there by then, or it holds something of that time."""
        return (
            (made_at is not None and self.period.end > made_at) or bool(self.summary.runs) or bool(self.pull_requests)
        )


class TrendsCollector:
    """Sums up each period once; one that was over before the ledger began is left out."""

    name = "trends"
    summary = "the last eight closed days and five closed weeks"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        self._clock = surroundings.clock
        self._zone = ZoneInfo(surroundings.settings.main.timezone)
        self._summaries = PerPeriod(surroundings, period_summary, NOTHING)
        self._closed: PerPeriod[dict[str, int]] = PerPeriod(
            surroundings, pull_requests_closed_between, {}, _PULL_REQUESTS_KEPT_SECONDS
        )

    def collect(self) -> Iterable[Metric]:
        """Give the six families."""
        runs, work, longest, cost, pull_requests, start = FAMILIES
        lines = self._lines()
        yield runs.with_values(_split(lines, "outcome", [*Outcome], lambda line: _by_outcome(line.summary)))
        yield work.with_values((line.labels, line.summary.work_seconds) for line in lines)
        yield longest.with_values(_known(lines, lambda line: line.summary.longest_seconds))
        yield cost.with_values(_known(lines, lambda line: line.summary.cost_dollars))
        yield pull_requests.with_values(
            _split(lines, "result", families.CLOSING_RESULTS, lambda line: line.pull_requests)
        )
        yield start.with_values((line.labels, line.period.start) for line in lines)

    def _lines(self) -> list[_Line]:
        now = self._clock() - SETTLING_SECONDS
        days, weeks = closed_days(now, self._zone, _DAYS), closed_weeks(now, self._zone, _WEEKS)
        labels = [{"period": name, "ago": str(ago)} for name, periods in (("day", days), ("week", weeks))
                  for ago in range(len(periods))]  # fmt: skip
        periods = (*days, *weeks)
        made_at = self._ledger.snapshot().made_at
        found = zip(labels, periods, self._summaries.of(periods), self._closed.of(periods), strict=True)
        return [line for line in itertools.starmap(_Line, found) if line.labels["ago"] == "0" or line.is_of(made_at)]


def _split(
    lines: Iterable[_Line], label: str, values: Sequence[str], of: Callable[[_Line], Mapping[str, float]]
) -> Iterator[tuple[Labels, float]]:
    for line in lines:
        counts = of(line)
        for value in values:
            yield {**line.labels, label: str(value)}, counts.get(value, 0)


def _known(lines: Iterable[_Line], of: Callable[[_Line], float | None]) -> Iterator[tuple[Labels, float]]:
    for line in lines:
        value = of(line)
        if value is not None:
            yield line.labels, value


def _by_outcome(summary: PeriodSummary) -> Mapping[str, float]:
    counts: Counter[str] = Counter()
    for (_, outcome), count in summary.runs.items():
        counts[outcome] += count
    return counts

"""Show the last closed day and week, exactly, in the operator's time zone.

```
aip_report_runs{outcome="success",period="day",priority="high"} 17.0
aip_report_period_start_timestamp_seconds{period="week"} 1.7951e+09
```
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from prometheus_client.core import Metric
from sqlalchemy import Connection

from exporter.family import Family, Kind
from exporter.periods import Period, hours_of, last_closed
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import Domains, gauge
from processor.errors import ErrorType
from processor.ledger.queries import PeriodSummary, outcomes_between, period_summary
from processor.model import Outcome, Priority

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_report_runs",
        kind=Kind.GAUGE,
        labels=("period", "priority", "outcome"),
        help="Runs that ended in the last closed day or week (Monday to Sunday) of the time zone of the settings",
        example='sum by (outcome) (aip_report_runs{period="day"})',
    ),
    Family(
        name="aip_report_errors",
        kind=Kind.GAUGE,
        labels=("period", "error_type"),
        help="Runs of the last closed day or week that ended as error or timeout, by kind",
        example='sort_desc(aip_report_errors{period="week"} > 0.5)',
    ),
    Family(
        name="aip_report_hour_runs",
        kind=Kind.GAUGE,
        labels=("hour", "outcome"),
        help="Runs that ended in each hour (0 to 23) of the last closed day",
        example="sum by (hour) (aip_report_hour_runs)",
    ),
    Family(
        name="aip_report_duration_seconds_mean",
        kind=Kind.GAUGE,
        labels=("period",),
        help="Mean time of work on a processed run of the last closed day or week; absent without runs",
        example='aip_report_duration_seconds_mean{period="day"} > 300',
    ),
    Family(
        name="aip_report_duration_seconds_max",
        kind=Kind.GAUGE,
        labels=("period",),
        help="Longest time of work on a processed run of the last closed day or week; absent without runs",
        example='aip_report_duration_seconds_max{period="week"}',
    ),
    Family(
        name="aip_report_period_start_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("period",),
        help="Time at which the reported day or week began; it moves a minute after midnight",
        example='aip_report_period_start_timestamp_seconds{period="day"} * 1000',
    ),
)
#: A period is summed up so long after its end: whoever ended a run in it has written it down by then.
_SETTLING_SECONDS: Final = 60.0
_DAY, _WEEK = "day", "week"
_RUNS: Final = Domains({"period": (_DAY, _WEEK), "priority": list(Priority), "outcome": list(Outcome)})
_ERRORS: Final = Domains({"period": (_DAY, _WEEK), "error_type": list(ErrorType)})
_HOURS: Final = Domains({"hour": [str(hour) for hour in range(24)], "outcome": list(Outcome)})
#: The report of a period in which no run ended.
_NOTHING: Final = PeriodSummary(runs={}, errors={}, mean_seconds=None, longest_seconds=None)


@dataclass(frozen=True)
class _Report:
    """What was summed up of both periods of one ledger; it does not change any more."""

    born_at: float
    day: Period
    week: Period
    summaries: Mapping[str, PeriodSummary]
    hours: Mapping[tuple[str, ...], int]


class ReportsCollector:
    """Sums up a period once, when it is closed, and shows that until the next one is."""

    name = "reports"
    summary = "the last closed day and week"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        self._clock = surroundings.clock
        self._zone = ZoneInfo(surroundings.settings.main.timezone)
        self._report: _Report | None = None

    def collect(self) -> Iterable[Metric]:
        """Give the six families; before there is a ledger nothing has happened."""
        born_at = self._ledger.snapshot().born_at
        day, week = last_closed(self._clock() - _SETTLING_SECONDS, self._zone)
        if born_at is None:
            return _metrics(_Report(0, day, week, {_DAY: _NOTHING, _WEEK: _NOTHING}, {}))
        known = self._report
        if known is None or (known.born_at, known.day, known.week) != (born_at, day, week):
            with self._ledger.connection() as db:
                self._report = known = _sum_up(db, born_at, day, week)
        return _metrics(known)


def _sum_up(db: Connection, born_at: float, day: Period, week: Period) -> _Report:
    hours: dict[tuple[str, ...], int] = {}
    for label, hour in hours_of(day):
        for outcome, count in outcomes_between(db, hour.start, hour.end).items():
            # When clocks go back an hour comes twice; both are the same hour of the day.
            hours[label, outcome] = hours.get((label, outcome), 0) + count
    summaries = {_DAY: period_summary(db, day.start, day.end), _WEEK: period_summary(db, week.start, week.end)}
    return _Report(born_at, day, week, summaries, hours)


def _metrics(report: _Report) -> Iterable[Metric]:
    runs, errors, hours, mean, longest, start = FAMILIES
    found = report.summaries.items()
    yield gauge(runs, {(period, *key): n for period, one in found for key, n in one.runs.items()}, _RUNS)
    yield gauge(errors, {(period, key): n for period, one in found for key, n in one.errors.items()}, _ERRORS)
    yield gauge(hours, report.hours, _HOURS)
    yield mean.with_values(
        ({"period": period}, one.mean_seconds) for period, one in found if one.mean_seconds is not None
    )
    yield longest.with_values(
        ({"period": period}, one.longest_seconds) for period, one in found if one.longest_seconds is not None
    )
    yield start.with_values([({"period": _DAY}, report.day.start), ({"period": _WEEK}, report.week.start)])

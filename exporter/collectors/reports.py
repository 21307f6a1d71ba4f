"""Show the last closed day and week, exactly, in the operator's time zone.

```
aip_report_runs{outcome="success",period="day",priority="high"} 17.0
aip_report_period_start_timestamp_seconds{period="week"} 1.7951e+09
```
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.per_period import SETTLING_SECONDS, PerPeriod
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import Domains, Key, gauge
from processor.errors import ErrorType
from processor.ledger.queries import NOTHING, PeriodSummary, outcomes_between, period_summary
from processor.model import Band, Outcome, Period, Phase, Priority, closed_days, closed_weeks, hours_of

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
        name="aip_report_duration_runs",
        kind=Kind.GAUGE,
        labels=("period", "band"),
        help="Processed runs of the last closed day or week by time of work: fast under 60 s, slow over 300 s",
        example='sum by (band) (aip_report_duration_runs{period="week"})',
    ),
    Family(
        name="aip_report_phase_seconds",
        kind=Kind.GAUGE,
        labels=("period", "phase"),
        help="Time in each phase of the processed runs of the last closed day or week, failed attempts included",
        example='topk(1, aip_report_phase_seconds{period="week"})',
    ),
    Family(
        name="aip_report_period_start_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("period",),
        help="Time at which the reported day or week began; it moves a minute after midnight",
        example='aip_report_period_start_timestamp_seconds{period="day"} * 1000',
    ),
)
_FAMILY: Final = {family.name: family for family in FAMILIES}
_DAY, _WEEK = "day", "week"
_PERIODS: Final = (_DAY, _WEEK)
_RUNS: Final = Domains({"period": _PERIODS, "priority": list(Priority), "outcome": list(Outcome)})
_ERRORS: Final = Domains({"period": _PERIODS, "error_type": list(ErrorType)})
_BANDS: Final = Domains({"period": _PERIODS, "band": list(Band)})
_PHASES: Final = Domains({"period": _PERIODS, "phase": list(Phase)})
_HOURS: Final = Domains({"hour": [str(hour) for hour in range(24)], "outcome": list(Outcome)})


class ReportsCollector:
    """Sums up a period once, when it is closed, and shows that until the next one is."""

    name = "reports"
    summary = "the last closed day and week"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._clock = surroundings.clock
        self._zone = ZoneInfo(surroundings.settings.main.timezone)
        self._summaries = PerPeriod(surroundings, period_summary, NOTHING)
        self._hours: PerPeriod[dict[str, int]] = PerPeriod(surroundings, outcomes_between, {})

    def collect(self) -> Iterable[Metric]:
        """Give every family; before there is a ledger nothing has happened."""
        now = self._clock() - SETTLING_SECONDS
        (day,), (week,) = closed_days(now, self._zone, 1), closed_weeks(now, self._zone, 1)
        found = dict(zip(_PERIODS, self._summaries.of((day, week)), strict=True))
        yield from _counts(found)
        yield gauge(_FAMILY["aip_report_hour_runs"], self._runs_by_hour(day), _HOURS)
        yield from _times(found)
        start = _FAMILY["aip_report_period_start_timestamp_seconds"]
        yield start.with_values([({"period": _DAY}, day.start), ({"period": _WEEK}, week.start)])

    def _runs_by_hour(self, day: Period) -> dict[Key, float]:
        hours: defaultdict[Key, float] = defaultdict(float)
        labels, pieces = zip(*hours_of(day), strict=True)
        for label, outcomes in zip(labels, self._hours.of(pieces), strict=True):
            for outcome, count in outcomes.items():
                # When clocks go back an hour comes twice; both are the same hour of the day.
                hours[label, outcome] += count
        return hours


def _counts(found: Mapping[str, PeriodSummary]) -> Iterable[Metric]:
    runs: dict[Key, float] = {(period, *key): n for period, one in found.items() for key, n in one.runs.items()}
    yield gauge(_FAMILY["aip_report_runs"], runs, _RUNS)
    errors = _by(found, lambda one: one.errors)
    yield gauge(_FAMILY["aip_report_errors"], errors, _ERRORS)
    bands = _by(found, lambda one: one.bands)
    yield gauge(_FAMILY["aip_report_duration_runs"], bands, _BANDS)


def _times(found: Mapping[str, PeriodSummary]) -> Iterable[Metric]:
    phases = _by(found, lambda one: one.phase_seconds)
    yield gauge(_FAMILY["aip_report_phase_seconds"], phases, _PHASES)
    mean = {period: one.mean_seconds for period, one in found.items()}
    yield _FAMILY["aip_report_duration_seconds_mean"].with_values(_known(mean))
    longest = {period: one.longest_seconds for period, one in found.items()}
    yield _FAMILY["aip_report_duration_seconds_max"].with_values(_known(longest))


def _by(found: Mapping[str, PeriodSummary], of: Callable[[PeriodSummary], Mapping[Any, float]]) -> dict[Key, float]:
    return {(period, str(key)): value for period, one in found.items() for key, value in of(one).items()}


def _known(values: Mapping[str, float | None]) -> Iterable[tuple[dict[str, str], float]]:
    return [({"period": period}, value) for period, value in values.items() if value is not None]

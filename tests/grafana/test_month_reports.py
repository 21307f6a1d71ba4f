"""Every number of the daily and weekly reports is what plain SQL says of the ledger, exactly, in two time zones."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from grafana.src.boards.daily import FINE
from grafana.src.words import read
from processor.model import Priority
from tests.grafana.asking import Moment
from tests.grafana.ledger_sums import FAILED, PROCESSED, LedgerSums
from tests.grafana.month.calendar import COARSE_SECONDS, HOUR, PARIS, START, TOKYO, midnight
from tests.grafana.month.replay import PARIS_SERVICE, TOKYO_SERVICE
from tests.grafana.month.stage import Month
from tests.grafana.shown import Shown

#: The month is played before the first of them.
pytestmark = pytest.mark.timeout(600)
SERVICES = {TOKYO: TOKYO_SERVICE, PARIS: PARIS_SERVICE}
#: A day like others, one without runs, one of 25 hours in Paris, the day after it, and the one with the bad afternoon.
DAYS = ("2025-10-07", "2025-10-19", "2025-10-26", "2025-10-27", "2025-11-04")
#: A week with a day without runs, one in which clocks go back, and the last one.
WEEKS = ("2025-10-13", "2025-10-20", "2025-10-27")
#: In the night, after the first scrape of the new day, and in the morning.
ASKED_AFTER = (2.5 * HOUR, 7.9 * HOUR)
#: The panels that are compared; the trends show a time of choice.
COMPARED = {
    "daily": {"start", "processed", "success_rate", "errors", "mean", "longest", "advice", "hours", "priorities",
              "priority_rates", "outcomes", "error_types"},
    "weekly": {"start", "processed", "success_rate", "errors", "mean", "longest", "cost", "table", "weeks", "outcomes",
               "error_types", "distribution", "phases", "closed", "incidents", "alerts"},
}  # fmt: skip
TRENDS = {"resources", "firing", "dollars"}
each_zone = pytest.mark.parametrize("zone", SERVICES, ids=str)


def _shown(month: Month, board: str, zone: ZoneInfo, at: float) -> Shown:
    return Shown(month, board, Moment(at, SERVICES[zone], COARSE_SECONDS))


def _nearly(seconds: float | dict[str, float] | None) -> object:
    """Give what equals a sum of times, which depends on the order of its terms in the last digit."""
    return None if seconds is None else pytest.approx(seconds, rel=1e-12)


def _reason(value: float | None, applies: Callable[[float], bool]) -> float | None:
    """Give the value for which the handbook recommends something, FINE where it does not, None without runs."""
    return value if value is None or applies(value) else FINE


def _periods(db: Connection, first: str, zone: ZoneInfo, length: int, count: int) -> list[LedgerSums]:
    """Give a period and those before it that the ledger knows of."""
    begins = [(midnight(first, zone, -length * ago), midnight(first, zone, length * (1 - ago))) for ago in range(count)]
    return [LedgerSums(db, start, end) for start, end in begins if end > START]


def _check_numbers(shown: Shown, last: LedgerSums, before: LedgerSums, *others: LedgerSums) -> None:
    """Compare the numbers that both reports show: of the last period, of the one before it, and of all before it."""
    for letter, sums in zip("AB", (last, before), strict=True):
        assert shown.number("processed", letter) == sums.count()
        assert shown.number("errors", letter) == sums.count(FAILED)
        assert shown.number("success_rate", letter) == sums.success_rate()
        assert shown.number("longest", letter) == sums.longest_seconds()
        assert shown.number("mean", letter) == _nearly(sums.mean_seconds())
    earlier = (before, *others)
    runs = sum(sums.count() for sums in earlier)
    assert shown.number("processed", "C") == _nearly(runs / len(earlier))
    assert shown.number("errors", "C") == _nearly(sum(sums.count(FAILED) for sums in earlier) / len(earlier))
    assert shown.number("success_rate", "C") == sum(sums.count("outcome = 'success'") for sums in earlier) / runs
    assert shown.number("longest", "C") == max(filter(None, (sums.longest_seconds() for sums in earlier)))
    assert shown.number("mean", "C") == _nearly(sum(sums.work_seconds() for sums in earlier) / runs)


@each_zone
@pytest.mark.parametrize("day", DAYS)
def test_the_daily_report_is_what_the_ledger_says(month: Month, db: Connection, zone: ZoneInfo, day: str) -> None:
    last, *before = _periods(db, day, zone, 1, 8)
    for after in ASKED_AFTER:
        shown = _shown(month, "daily", zone, last.end + after)
        _check_numbers(shown, last, *before)
        assert shown.number("start") == last.start * 1000
        assert shown.list("hours", "hour", "outcome") == last.by_hour(zone)
        assert shown.list("outcomes", "outcome") == last.by("outcome")
        assert shown.list("priorities", "priority") == last.by("priority", PROCESSED)
        assert shown.list("error_types", "error_type") == last.by("error_type", FAILED)
        for letter, priority in zip("ABCD", Priority, strict=True):
            assert shown.number("priority_rates", letter) == last.success_rate(f"priority = '{priority}'")
        assert shown.number("advice", "A") == _reason(last.success_rate(), lambda rate: rate < 0.80)
        assert shown.number("advice", "B") == _nearly(_reason(last.mean_seconds(), lambda seconds: seconds > 300))
        errors = last.count(FAILED) if last.count() else None
        assert shown.number("advice", "C") == _reason(errors, lambda errors: errors > 10)


@each_zone
@pytest.mark.parametrize("week", WEEKS)
def test_the_weekly_report_is_what_the_ledger_says(month: Month, db: Connection, zone: ZoneInfo, week: str) -> None:
    last, *before = _periods(db, week, zone, 7, 5)
    for after in ASKED_AFTER:
        shown = _shown(month, "weekly", zone, last.end + after)
        _check_numbers(shown, last, *before)
        assert shown.number("start") == last.start * 1000
        assert shown.number("cost") == _nearly(last.cost_dollars())
        assert shown.list("outcomes", "outcome") == last.by("outcome")
        types = last.by("error_type", FAILED)
        assert sorted(shown.list("error_types", "error_type").values()) == sorted(types.values())[-5:]
        assert shown.list("error_types", "error_type").items() <= types.items()
        assert shown.list("distribution", "band") == last.bands()
        assert shown.list("phases", "phase") == _nearly(last.phase_seconds())
        assert shown.list("closed", "result") == last.pull_requests()
        assert shown.number("incidents", "A") == last.incidents("severity IN ('critical', 'high')")
        assert shown.list("alerts", "alert") == last.alerts()
        assert shown.number("incidents", "B") == last.incidents("severity NOT IN ('critical', 'high')")


@each_zone
@pytest.mark.parametrize("week", WEEKS)
def test_the_table_of_weeks_is_what_the_ledger_says(month: Month, db: Connection, zone: ZoneInfo, week: str) -> None:
    weeks = {str(ago): sums for ago, sums in enumerate(_periods(db, week, zone, 7, 5))}
    shown = _shown(month, "weekly", zone, weeks["0"].end + ASKED_AFTER[0])
    columns = [
        lambda sums: sums.start * 1000,
        lambda sums: sums.count(),
        lambda sums: sums.success_rate(),
        lambda sums: sums.count(FAILED),
        lambda sums: sums.mean_seconds(),
        lambda sums: sums.longest_seconds(),
        lambda sums: sums.pull_requests()["merged"],
        lambda sums: sums.pull_requests()["closed"],
        lambda sums: sums.cost_dollars(),
    ]
    for letter, of in zip("ABCDEFGHI", columns, strict=True):
        known = {ago: value for ago, sums in weeks.items() if (value := of(sums))}
        assert shown.list("table", "ago", letter=letter) == _nearly(known), letter
    counted = {(ago, outcome): count for ago, sums in weeks.items() for outcome, count in sums.by("outcome").items()}
    assert shown.list("weeks", "ago", "outcome") == counted


@pytest.mark.parametrize("board", COMPARED)
def test_every_panel_of_a_report_is_compared(board: str) -> None:
    assert set(read(board)["panels"]) == COMPARED[board] | (TRENDS if board == "weekly" else set())


def test_the_days_hold_what_they_are_for(db: Connection) -> None:
    """Else the comparison above would prove little."""
    counts = {day: LedgerSums(db, midnight(day, PARIS), midnight(day, PARIS, 1)).count() for day in DAYS}
    assert counts["2025-10-19"] == 0
    assert min(count for day, count in counts.items() if day != "2025-10-19") > 4
    assert midnight("2025-10-26", PARIS, 1) - midnight("2025-10-26", PARIS) == 25 * HOUR
    hours = [midnight("2025-10-26", PARIS) + hour * HOUR for hour in (2, 3)]
    assert all(LedgerSums(db, hour, hour + HOUR).count() for hour in hours), "no run in one of the two hours after 2:00"

"""The numbers of Operations, Quality, Cost and SLO are what plain SQL says of the ledger, at the end of the month."""

from collections import Counter
from collections.abc import Mapping

import pytest
from sqlalchemy import Connection

from processor.alerting.prometheus_api import ask
from tests.grafana.asking import Moment
from tests.grafana.ledger_sums import FAILED, PROCESSED, LedgerSums
from tests.grafana.month.calendar import COARSE_SECONDS, DAY, FINE_SECONDS, HOUR, NOW, QUIET, START
from tests.grafana.month.replay import TOKYO_SERVICE
from tests.grafana.month.stage import Month
from tests.grafana.shown import Shown

#: The month is played before the first of them.
pytestmark = pytest.mark.timeout(600)


def _shown(month: Month, board: str) -> Shown:
    return Shown(month, board, Moment(NOW, TOKYO_SERVICE, FINE_SECONDS))


def _since(db: Connection, seconds: float) -> LedgerSums:
    return LedgerSums(db, NOW - seconds, NOW)


def _nearly(value: float | Mapping[str, float]) -> object:
    return pytest.approx(value, rel=1e-9)


def test_the_first_screen_says_what_waits_and_how_the_last_runs_ended(month: Month, db: Connection) -> None:
    shown, ever = _shown(month, "operations"), _since(db, NOW)
    ((waiting, oldest),) = ever.asked("SELECT count(*), min(discovered_at) FROM runs WHERE state = 'queued'")
    assert (shown.number("waiting"), shown.number("oldest")) == (waiting, _nearly(NOW - oldest))
    ends = ever.asked(f"SELECT outcome, finished_at FROM runs WHERE {PROCESSED} ORDER BY finished_at DESC")  # noqa: S608
    fails = [outcome in {"error", "timeout"} for outcome, _ in ends]
    assert shown.number("recent") == sum(fails[:20]) / 20
    assert shown.number("in_a_row") == fails.index(False)
    assert shown.number("success") == _nearly(NOW - max(at for outcome, at in ends if outcome == "success"))


def test_the_first_screen_counts_the_alerts_that_ask_for_action_and_for_a_look(month: Month) -> None:
    firing = ask(month.url, 'ALERTS{alertstate="firing", service=~"aip|monitoring"}', NOW).samples
    severities = Counter({one.labels["alertname"]: one.labels["severity"] for one in firing}.values())
    shown = _shown(month, "operations")
    assert shown.number("act") == severities["critical"] + severities["high"]
    assert shown.number("look") == severities["medium"] + severities["low"]
    assert severities["medium"] + severities["low"] > 0


def test_errors_of_six_hours_by_type_and_phase(month: Month, db: Connection) -> None:
    shown, hours = _shown(month, "operations"), _since(db, 6 * HOUR)
    assert shown.list("error_types", "error_type") == hours.by("error_type", FAILED)
    assert shown.list("error_phases", "phase") == hours.by("phase", FAILED)
    assert hours.count(FAILED) > 0


@pytest.mark.parametrize("letter", ["A", "B"])
def test_hours_without_a_run_have_no_time_of_runs(month: Month, letter: str) -> None:
    quiet, busy = (
        Shown(month, "operations", Moment(at, TOKYO_SERVICE, COARSE_SECONDS)) for at in (QUIET.start + DAY, NOW)
    )
    assert busy.is_there("durations", letter)
    assert not quiet.is_there("durations", letter)


def test_a_week_of_the_gate(month: Month, db: Connection) -> None:
    shown, week = _shown(month, "quality"), _since(db, 7 * DAY)
    ((scored, mean),) = week.rows("count(*), avg(gate_score)", "gate_score IS NOT NULL")
    assert shown.number("reached") == scored
    assert shown.number("mean_score") == _nearly(mean / 100)
    name = "CASE name WHEN 'our tests' THEN 'custom' ELSE name END"
    checks = "checks JOIN runs USING (run_id)"
    failed = dict(week.rows(f"{name}, count(*)", "result = 'failed'", checks, f"GROUP BY {name}"))
    assert shown.list("failed", "check") == failed
    assert failed


def test_a_week_of_reviews(month: Month, db: Connection) -> None:
    shown, week = _shown(month, "quality"), _since(db, 7 * DAY)
    waiting = "SELECT count(*) FROM pull_requests WHERE state = 'open' AND review_state IN ('none', 'commented')"
    assert shown.number("waiting") == week.asked(waiting)[0][0]
    ends = week.pull_requests()
    assert shown.number("merged") == ends["merged"] / sum(ends.values())
    span = "state = 'merged' AND merged_at >= :start AND merged_at < :end"
    ((mean,),) = week.asked(f"SELECT avg(merged_at - created_at) FROM pull_requests WHERE {span}")  # noqa: S608
    assert shown.number("merge") == _nearly(mean)


def test_a_week_of_cost(month: Month, db: Connection) -> None:
    shown, week = _shown(month, "cost"), _since(db, 7 * DAY)
    agents = "usage JOIN phases ON usage.run_id = phases.run_id AND usage.attempt = phases.attempt AND phase = 'agent'"
    dollars = f"SELECT total(cost_dollars) FROM {agents} WHERE ended_at >= :start AND ended_at < :end"  # noqa: S608
    spent = week.asked(dollars)[0][0]
    assert shown.number("spent") == _nearly(spent)
    assert shown.number("day") == _nearly(_since(db, DAY).asked(dollars)[0][0])
    assert shown.number("success") == _nearly(spent / week.count("outcome = 'success'"))
    assert shown.number("merged") == _nearly(spent / week.pull_requests()["merged"])


def test_costs_that_nobody_told_of_are_unknown_and_not_0(month: Month) -> None:
    first_scrape = Moment(START + COARSE_SECONDS, TOKYO_SERVICE, COARSE_SECONDS)
    shown = Shown(month, "cost", first_scrape)
    assert [shown.number(key) for key in ("day", "spent", "success", "merged")] == [None] * 4


def test_thirty_days_of_the_objectives(month: Month, db: Connection) -> None:
    """A window begins with the first scrape within it."""
    shown, days = _shown(month, "slo"), _since(db, 30 * DAY - COARSE_SECONDS)
    late = f"{PROCESSED} AND finished_at - discovered_at > 300"
    missed = {"success": f"{PROCESSED} AND outcome <> 'success'", "latency": late}
    for slo, condition in missed.items():
        share = days.count(condition) / days.count()
        assert shown.number(f"{slo}_ratio") == _nearly(1 - share)
        assert shown.number(f"{slo}_left") == _nearly(1 - share / 0.15)
        assert 0 < share < 1

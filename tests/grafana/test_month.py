"""On a busy month every panel shows something, and Prometheus has nothing to remark."""

import pytest
from sqlalchemy import text

from processor.alerting.prometheus_api import ask
from tests.grafana.asking import Moment, Said, said
from tests.grafana.boards import VALUES, boards, filled, panels
from tests.grafana.month.calendar import BAD, FINE_SECONDS, NOW
from tests.grafana.month.replay import TOKYO_SERVICE
from tests.grafana.month.stage import Month

#: The month is played before the first of them.
pytestmark = pytest.mark.timeout(600)
ENGLISH = [panel for panel in panels() if not panel.board.endswith("-ja")]
LAST = Moment(NOW, TOKYO_SERVICE, FINE_SECONDS)
#: What rightly shows nothing: panel and letter of the query, with the reason.
EMPTY: dict[str, str] = {}


def _answers(month: Month) -> dict[str, Said]:
    return {
        f"{panel.name} (panel {panel.json['id']}) {target['refId']}": said(month.url, panel, target, LAST)
        for panel in ENGLISH
        if panel.asks_prometheus
        for target in panel.json["targets"]
    }


def test_every_query_gives_something_and_no_remark(month: Month) -> None:
    answers = _answers(month)
    assert len(answers) > 120
    assert {name: answer.remarks for name, answer in answers.items() if answer.remarks} == {}
    assert {name for name, answer in answers.items() if answer.is_empty} == set(EMPTY)


def test_every_annotation_is_answered_without_a_remark(month: Month) -> None:
    queries = {filled(note["expr"]) for board in boards() for note in board["annotations"]["list"]}
    answers = {query: ask(month.url, query, NOW) for query in queries}
    assert {query: answer.remarks for query, answer in answers.items() if answer.remarks} == {}
    assert any(answer.samples for answer in answers.values())


def test_what_ended_between_two_looks_is_marked_all_the_same(month: Month) -> None:
    """The longer the span, the rarer are the moments at which Grafana asks for annotations."""
    (looked,) = {
        filled(note["expr"], {**VALUES, "__interval": "1d"})
        for board in boards()
        for note in board["annotations"]["list"]
        if "ALERTS" in note["expr"]
    }
    ended = {"AipHighErrorRate", "AipSuccessRateBurnFast"}
    firing = ask(month.url, filled('ALERTS{alertstate="firing", service=~"$service"}'), NOW)
    assert not ended & {sample.labels["alertname"] for sample in firing.samples}
    assert ended <= {sample.labels["alertname"] for sample in ask(month.url, looked, NOW).samples}


def test_the_bad_afternoon_set_off_alerts_that_ended(month: Month) -> None:
    """So the rules were evaluated all along, with their waiting times."""
    fired = 'max_over_time(ALERTS{alertname="AipHighErrorRate", alertstate="firing"}[1d])'
    assert ask(month.url, fired, BAD.start).samples == ()
    assert [sample.value for sample in ask(month.url, fired, NOW).samples] == [1]
    assert ask(month.url, 'ALERTS{alertname="AipHighErrorRate", alertstate="firing"}', NOW).samples == ()
    assert len(ask(month.url, 'ALERTS{alertname="Watchdog", alertstate="firing"}', NOW).samples) == 1


def test_the_totals_of_the_ledger_are_what_its_rows_say(month: Month) -> None:
    """Else the counters that Prometheus holds would prove nothing."""
    counted = {
        "aip_runs_total": "SELECT count(*) FROM runs WHERE outcome IS NOT NULL",
        "aip_errors_total": "SELECT count(*) FROM runs WHERE outcome IN ('error', 'timeout')",
        "aip_quality_gate_results_total": "SELECT count(*) FROM checks",
        "aip_pull_requests_closed_total": "SELECT count(*) FROM pull_requests WHERE state <> 'open'",
        "aip_agent_cost_dollars_total": "SELECT total(cost_dollars) FROM usage",
        "aip_run_duration_seconds_sum": "SELECT total(finished_at - started_at) FROM runs WHERE outcome <> 'cancelled'",
    }
    with month.ledger.read() as db:
        rows = {name: db.execute(text(query)).scalar_one() for name, query in counted.items()}
    totals = {name: ask(month.url, f'sum({name}{{service="aip"}})', NOW).samples[0].value for name in counted}
    assert totals == pytest.approx(rows, rel=1e-9)

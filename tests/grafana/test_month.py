"""On a busy month every panel shows something, and Prometheus has nothing to remark."""

import pytest

from processor.alerting.prometheus_api import ask
from tests.grafana.asking import Moment, Said, said
from tests.grafana.boards import boards, filled, panels
from tests.grafana.month.calendar import FINE_SECONDS, NOW
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

"""Every query parses and asks only for what is exposed or recorded, in a way that tells installations apart."""

import re

import promql_parser
import pytest
from promql_parser import Call, MatrixSelector

from tests.contract.alerts import RECORDED
from tests.contract.expressions import matchers, meet, nodes, selectors
from tests.contract.families import TARGET_LABELS, exposed
from tests.grafana.boards import boards, filled, panels

ENGLISH = [panel for panel in panels() if not panel.board.endswith("-ja")]
QUERIES = {
    **{f"{panel.name} {number}": text for panel in ENGLISH for number, text in enumerate(panel.expressions)},
    **{f"{board['uid']}: {note['name']}": filled(note["expr"]) for board in boards()
       for note in board["annotations"]["list"]},
}  # fmt: skip
RECORDED_NAMES = {rule.name for rule in RECORDED}
#: Written by Prometheus for each alert, and by the client library for each process.
OF_PROMETHEUS = ("ALERTS", "ALERTS_FOR_STATE", "process_", "prometheus_", "alertmanager_", "scrape_", "up")
each_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


@each_query
def test_it_parses_with_every_variable_filled_in(query: str) -> None:
    assert not re.search(r"\$[a-z_{]", query)
    assert promql_parser.parse(query)


@each_query
def test_it_asks_for_what_is_there(query: str) -> None:
    for node in selectors(query):
        name = node.expr.name
        if name in RECORDED_NAMES or name.startswith(OF_PROMETHEUS):
            continue
        assert name in exposed(), f"{name} is exposed by nobody"
        series = exposed()[name]
        conditions = [one for one in matchers(node.expr) if one.label not in TARGET_LABELS]
        assert {one.label for one in conditions} <= series.labels
        assert not series.values or any(meet(conditions, labels) for labels in series.values), node.expr.prettify()


@each_query
def test_it_tells_installations_or_jobs_apart(query: str) -> None:
    for node in selectors(query):
        assert {"service", "job"} & {one.label for one in matchers(node.expr)}, node.expr.prettify()


@each_query
def test_a_rate_reaches_over_several_scrapes(query: str) -> None:
    for node in nodes(query):
        if isinstance(node.expr, Call) and node.expr.func.name in {"rate", "increase"}:
            (argument,) = node.expr.args
            assert isinstance(argument, MatrixSelector)
            assert argument.range.total_seconds() >= 60


def test_both_languages_ask_the_same() -> None:
    asked = [[panel.expressions for panel in panels() if panel.board.endswith("-ja") is ja] for ja in (False, True)]
    assert asked[0] == asked[1]

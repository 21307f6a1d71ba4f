"""The 17 rules of Grafana's dashboard-linter, under its names: each is held, or left out for a reason.

Source: https://github.com/grafana/dashboard-linter, NewRuleSet in lint/rules.go and docs/rules
"""

import re
from string import ascii_uppercase

import promql_parser
import pytest

from grafana.src import ledger
from tests.grafana.boards import Panel, boards, panels

each_panel_of_prometheus = pytest.mark.parametrize(
    "panel", [panel for panel in panels() if panel.asks_prometheus], ids=lambda panel: panel.name
)
each_panel = pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel.name)
each_board = pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])

_BY_SERVICE = (
    "an installation is told apart by `service`, which joins the jobs that belong together; a renamed container must "
    "not break a dashboard"
)
_NO_LOGS = "there is no log data source"
#: Rules that are not held.
LEFT_OUT = {
    "template-job-rule": _BY_SERVICE,
    "template-instance-rule": _BY_SERVICE,
    "target-job-rule": _BY_SERVICE,
    "target-instance-rule": _BY_SERVICE,
    "target-logql-rule": _NO_LOGS,
    "target-logql-auto-rule": _NO_LOGS,
}
#: Those of Grafana's units that we use; `suffix:` and `time:` are Grafana's own for what has no unit.
UNITS = {"short", "percentunit", "string", "s", "h", "currencyUSD", "bytes", "bool_yes_no"}
#: Every rule of the linter.
RULES = {
    "template-datasource-rule", "template-job-rule", "template-instance-rule", "template-label-promql-rule",
    "template-on-time-change-reload-rule", "panel-datasource-rule", "panel-title-description-rule", "panel-units-rule",
    "panel-no-targets-rule", "target-logql-rule", "target-logql-auto-rule", "target-promql-rule",
    "target-rate-interval-rule", "target-job-rule", "target-instance-rule", "target-counter-agg-rule",
    "uneditable-dashboard-rule",
}  # fmt: skip


def test_every_rule_is_held_or_left_out_for_a_reason() -> None:
    held = {name.removeprefix("test_").replace("_", "-") for name in globals() if name.endswith("_rule")}
    assert held | set(LEFT_OUT) == RULES
    assert held & set(LEFT_OUT) == set()
    assert len(RULES) == 17


def _variables(board: dict) -> dict[str, dict]:
    return {one["name"]: one for one in board["templating"]["list"]}


def _of_queries(board: dict) -> list[dict]:
    return [one for one in board["templating"]["list"] if one["type"] == "query"]


@each_board
def test_template_datasource_rule(board: dict) -> None:
    """Beside a second source the linter wants the name `prometheus_datasource`; ours is the same on each dashboard."""
    source = _variables(board)["datasource"]
    assert (source["type"], source["query"]) == ("datasource", "prometheus")
    assert source["label"] in {"Data source", "データソース"}


@each_board
def test_template_label_promql_rule(board: dict) -> None:
    asked = [one for one in _of_queries(board) if one["datasource"]["uid"] == "${datasource}"]
    assert [one["query"]["query"] for one in asked] == ['label_values(up{job=~"aip-.+"}, service)']


@each_board
def test_template_on_time_change_reload_rule(board: dict) -> None:
    """What the ledger knows at all, such as its repositories, does not depend on the time that is shown."""
    assert {one["refresh"] for one in _of_queries(board) if one["datasource"]["uid"] != "${ledger}"} == {2}


@each_board
def test_template_variables_are_for_all_and_for_several(board: dict) -> None:
    """The part of template-job-rule that applies to any variable."""
    service = _variables(board)["service"]
    assert (service["includeAll"], service["multi"], service["allValue"]) == (True, True, ".+")
    assert service["datasource"]["uid"] == "${datasource}"


@each_board
def test_uneditable_dashboard_rule(board: dict) -> None:
    assert board["editable"] is False


@each_panel
def test_panel_datasource_rule(panel: Panel) -> None:
    """Also of the data source that the rule does not know: the ledger."""
    sources = {"prometheus": "${datasource}", ledger.TYPE: "${ledger}"}
    source = panel.json["datasource"]
    assert source["uid"] == sources[source["type"]]
    assert all(target["datasource"] == source for target in panel.json["targets"])


@each_panel
def test_panel_title_description_rule(panel: Panel) -> None:
    assert panel.json["title"]
    assert panel.json["description"]


@each_panel
def test_panel_units_rule(panel: Panel) -> None:
    unit = panel.json["fieldConfig"]["defaults"]["unit"]
    assert unit in UNITS or unit.startswith(("suffix:", "time:"))


@each_panel
def test_panel_no_targets_rule(panel: Panel) -> None:
    assert panel.json["targets"]
    assert [target["refId"] for target in panel.json["targets"]] == list(ascii_uppercase[: len(panel.json["targets"])])


@each_panel_of_prometheus
def test_target_promql_rule(panel: Panel) -> None:
    assert all(promql_parser.parse(query) for query in panel.expressions)


@each_panel_of_prometheus
def test_target_rate_interval_rule(panel: Panel) -> None:
    """A rate over time takes $__rate_interval."""
    for target in panel.json["targets"]:
        assert set(re.findall(r"(?:rate|increase)\([^[]*\[([^]]+)\]", target["expr"])) <= {"$__rate_interval"}


@each_panel_of_prometheus
def test_target_counter_agg_rule(panel: Panel) -> None:
    """A counter is looked at by how much it grew: by a rate, or, of the ledger, by its difference to an earlier time.

    The linter knows rates alone; they would show one run as 1.03, and totals of the ledger never reset.
    """
    for target in panel.json["targets"]:
        for name in re.findall(r"aip_\w+_(?:total|count|bucket|sum)\b", target["expr"]):
            grew = re.search(rf"(?:rate|increase)\({name}\b", target["expr"]) or re.search(
                rf"{name}\{{[^}}]*\}} offset (?:\$__|[17]d)", target["expr"]
            )
            assert grew or name.startswith("slo"), f"{name} is a total since the ledger was made"

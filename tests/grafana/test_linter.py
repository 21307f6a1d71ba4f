"""The rules of Grafana's dashboard-linter that apply, under its names.

Source: https://github.com/grafana/dashboard-linter/tree/main/docs/rules

Not held, each with its reason:
- template-job-rule, template-instance-rule, target-job-rule, target-instance-rule: an installation is told apart by
  `service`, which joins the jobs that belong together; a renamed container must not break a dashboard.
- target-logql-rule, target-logql-auto-rule, and the Loki half of the data source rules: there is no log data source.
- alert-name-rule and the like are about alerts in Grafana; ours are Prometheus's.
"""

import re

import pytest

from grafana.src import ledger
from tests.grafana.boards import Panel, boards, panels

each_panel_of_prometheus = pytest.mark.parametrize(
    "panel", [panel for panel in panels() if panel.asks_prometheus], ids=lambda panel: panel.name
)
each_panel = pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel.name)
each_board = pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])


def _variables(board: dict) -> dict[str, dict]:
    return {one["name"]: one for one in board["templating"]["list"]}


@each_board
def test_template_datasource_rule(board: dict) -> None:
    source = _variables(board)["datasource"]
    assert (source["type"], source["query"]) == ("datasource", "prometheus")
    assert source["label"] in {"Data source", "データソース"}


@each_board
def test_template_label_promql_rule(board: dict) -> None:
    query = _variables(board)["service"]["query"]["query"]
    assert re.fullmatch(r'label_values\(up\{job=~"aip-\.\+"\}, service\)', query)


@each_board
def test_template_on_time_change_reload_rule(board: dict) -> None:
    assert _variables(board)["service"]["refresh"] == 2


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
    assert panel.json["fieldConfig"]["defaults"]["unit"]


@each_panel
def test_panel_no_targets_rule(panel: Panel) -> None:
    assert panel.json["targets"]
    assert [target["refId"] for target in panel.json["targets"]] == list("ABCDEFGHIJ"[: len(panel.json["targets"])])


@each_panel_of_prometheus
def test_target_rate_interval_rule(panel: Panel) -> None:
    """A rate over time takes $__rate_interval."""
    for target in panel.json["targets"]:
        assert set(re.findall(r"(?:rate|increase)\([^[]*\[([^]]+)\]", target["expr"])) <= {"$__rate_interval"}


@each_panel_of_prometheus
def test_target_counter_agg_rule(panel: Panel) -> None:
    """A counter is looked at by how much it grew: by a rate, or by its difference to an earlier time."""
    for target in panel.json["targets"]:
        for name in re.findall(r"aip_\w+_(?:total|count|bucket|sum)\b", target["expr"]):
            grew = re.search(rf"(?:rate|increase)\({name}\b", target["expr"]) or re.search(
                rf"{name}\{{[^}}]*\}} offset (?:\$__|[17]d)", target["expr"]
            )
            assert grew or name.startswith("slo"), f"{name} is a total since the ledger was made"

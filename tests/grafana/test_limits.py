"""A threshold on a dashboard is the one at which the alert fires, read out of the rule itself."""

import pytest
from promql_parser import NumberLiteral

from grafana.src import colours, limits
from grafana.src.limits import Limit
from tests.contract.alerts import ALERTS
from tests.contract.expressions import nodes
from tests.grafana.boards import panels

EXPRESSIONS = {rule.name: rule.expression for rule in ALERTS}
SEVERITIES = {rule.name: rule.labels["severity"] for rule in ALERTS}
OF_ALERTS = {name: value for name, value in vars(limits).items() if isinstance(value, Limit) and value.alert} | {
    f"BURN {slo} {name}": value for slo, burns in limits.BURN.items() for name, value in burns.items()
}
LIMITS = {name: value for name, value in OF_ALERTS.items() if not value.reckoned}


@pytest.mark.parametrize("name", LIMITS)
def test_the_alert_has_the_same_limit(name: str) -> None:
    limit = LIMITS[name]
    numbers = {node.expr.val for node in nodes(EXPRESSIONS[limit.alert]) if isinstance(node.expr, NumberLiteral)}
    assert limit.value in numbers


@pytest.mark.parametrize("name", OF_ALERTS)
def test_red_is_where_an_alert_asks_for_action_now(name: str) -> None:
    limit = OF_ALERTS[name]
    asks_for_action = SEVERITIES[limit.alert] in {"critical", "high"}
    assert limit.colour == (colours.ACT if asks_for_action else colours.LOOK)


@pytest.mark.parametrize("board", ["aip-slo", "aip-slo-ja"])
@pytest.mark.parametrize("alert", ["AipSuccessRateBurn", "AipLatencyBurn"])
def test_how_near_an_alert_is_has_its_colour_and_leads_to_its_runbook(board: str, alert: str) -> None:
    (shown,) = [
        one["fieldConfig"]["overrides"]
        for one in (panel.json for panel in panels() if panel.board == board)
        if one["type"] == "stat" and f"{alert}Fast" in str(one["fieldConfig"]["overrides"])
    ]
    looks = [{each["id"]: each["value"] for each in override["properties"]} for override in shown]
    assert [
        (look["thresholds"]["steps"][1]["color"], look["links"][0]["url"].rpartition("/")[2]) for look in looks
    ] == [
        ("red", f"{alert}Fast.html"),
        ("yellow", f"{alert}Slow.html"),
        ("yellow", f"{alert}Ticket.html"),
    ]

"""A threshold on a dashboard is the one at which the alert fires, read out of the rule itself."""

import pytest
from promql_parser import NumberLiteral

from grafana.src import limits
from grafana.src.limits import Limit
from tests.contract.alerts import ALERTS
from tests.contract.expressions import nodes

EXPRESSIONS = {rule.name: rule.expression for rule in ALERTS}
LIMITS = {
    name: value
    for name, value in vars(limits).items()
    if isinstance(value, Limit) and value.alert and not value.reckoned
}


@pytest.mark.parametrize("name", LIMITS)
def test_the_alert_has_the_same_limit(name: str) -> None:
    limit = LIMITS[name]
    numbers = {node.expr.val for node in nodes(EXPRESSIONS[limit.alert]) if isinstance(node.expr, NumberLiteral)}
    assert limit.value in numbers

"""The rules ask only for what is exposed, and in a way that gives the right answer.

Most are checks of Cloudflare's linter pint that need no server, under its names.
Source: https://cloudflare.github.io/pint/
"""

import re

import promql_parser
import pytest
import yaml
from promql_parser import AggModifierType, AggregateExpr, BinaryExpr, Call, Expr, MatrixSelector, NumberLiteral

from tests.contract.alerts import ALERTS, PROMETHEUS, RECORDED, Rule, rules
from tests.contract.expressions import COMPARISONS, bare, functions, matchers, meet, nodes, op, selectors
from tests.contract.families import TARGET_LABELS, Series, exposed

CONFIG = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
RECORDED_NAMES = {rule.name for rule in RECORDED}
#: Prometheus's and Alertmanager's own; tests/monitoring looks them up in the running programs.
OF_THE_MONITORING = ("prometheus_", "alertmanager_")
RETENTION_SECONDS = 400 * 86400
SCRAPE_SECONDS = 15
each_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
each_alert = pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule.name)


def _names(rule: Rule) -> set[str]:
    return {node.expr.name for node in selectors(rule.expression)}


@each_rule
def test_every_series_exists(rule: Rule) -> None:
    """promql/series: the name is exposed or recorded, its labels are there, and each condition can be met."""
    for node in selectors(rule.expression):
        name = node.expr.name
        if name in RECORDED_NAMES or name.startswith(OF_THE_MONITORING):
            continue
        assert name in exposed(), f"{name} is exposed by nobody"
        series = exposed()[name]
        conditions = [one for one in matchers(node.expr) if one.label not in TARGET_LABELS]
        assert {one.label for one in conditions} <= series.labels
        assert not series.values or any(meet(conditions, labels) for labels in series.values), node.expr.prettify()


@each_rule
def test_no_counter_is_looked_at_raw(rule: Rule) -> None:
    """promql/counter: a counter is summed up in a recording rule, or looked at by how much it grew."""
    for node in selectors(rule.expression):
        if not _is_counter(node.expr.name) or rule.name.endswith(":total"):
            continue
        grew = {"rate", "increase"} & set(functions(node)) or _is_part_of_a_difference(node.expr, node.above)
        assert grew, f"{node.expr.prettify()} is a total since the ledger was made"


def _is_counter(name: str) -> bool:
    if name.endswith(":total"):
        return True
    series = exposed().get(name, Series(name, "counter" if name.endswith("_total") else "gauge", frozenset()))
    return series.type in {"counter", "histogram"}


def _is_part_of_a_difference(selector: Expr, above: tuple[Expr, ...]) -> bool:
    """Tell whether it stands in `x - min_over_time(x[…])`."""
    for expr in above:
        if isinstance(expr, BinaryExpr) and op(expr) == "-":
            right = bare(expr.rhs)
            if isinstance(right, Call) and right.func.name == "min_over_time":
                taken = {node.expr.name for node in selectors(right)}
                return taken == {node.expr.name for node in selectors(expr.lhs)} == {selector.name}
    return False


@each_rule
def test_a_rate_is_of_a_raw_counter_over_several_scrapes(rule: Rule) -> None:
    """promql/rate."""
    for node in nodes(rule.expression):
        if isinstance(node.expr, Call) and node.expr.func.name in {"rate", "increase", "irate"}:
            (argument,) = node.expr.args
            assert isinstance(argument, MatrixSelector)
            assert _is_counter(argument.vector_selector.name)
            assert ":" not in argument.vector_selector.name
            assert argument.range.total_seconds() >= 4 * SCRAPE_SECONDS


@each_rule
def test_nothing_older_than_the_data_is_asked_for(rule: Rule) -> None:
    """promql/range_query, promql/offset: 400 days are kept."""
    for node in nodes(rule.expression):
        reach = node.expr.range if isinstance(node.expr, MatrixSelector) else None
        offset = getattr(node.expr, "offset", None)
        assert all(one is None or 0 < one.total_seconds() < RETENTION_SECONDS for one in (reach, offset))


@each_rule
def test_series_of_other_programs_are_told_apart_by_their_job(rule: Rule) -> None:
    """promql/selector: what every target has says nothing without `job`."""
    for node in selectors(rule.expression):
        if node.expr.name.startswith(("up", "scrape_", "process_", *OF_THE_MONITORING)):
            assert "job" in {one.label for one in matchers(node.expr)}, node.expr.prettify()


@each_rule
def test_jobs_are_those_of_the_configuration(rule: Rule) -> None:
    jobs = {job["job_name"] for job in CONFIG["scrape_configs"]}
    for node in selectors(rule.expression):
        for one in matchers(node.expr):
            assert one.label != "job" or set(one.value.split("|")) <= jobs


@each_rule
def test_regular_expressions_are_needed_and_not_anchored(rule: Rule) -> None:
    """promql/regexp: Prometheus anchors them itself."""
    for node in selectors(rule.expression):
        for one in matchers(node.expr):
            if "~" in one.op:
                assert re.search(r"[|.*+?\[(]", one.value)
                assert not one.value.startswith("^")
                assert not one.value.endswith("$")


@each_rule
def test_the_service_is_kept(rule: Rule) -> None:
    """promql/aggregate: alerts of two installations must not become one."""
    for node in nodes(rule.expression):
        if isinstance(node.expr, AggregateExpr):
            assert node.expr.modifier is not None
            labels = set(node.expr.modifier.labels)
            keeps = "service" in labels if node.expr.modifier.type == AggModifierType.By else "service" not in labels
            assert keeps, node.expr.prettify()


@each_rule
def test_what_is_aggregated_and_matched_by_exists(rule: Rule) -> None:
    """promql/aggregate, promql/vector_matching: a label that is nowhere is a slip of the pen."""
    there = set(TARGET_LABELS | {"slo", "window", "le"})
    for node in selectors(rule.expression):
        there |= exposed()[node.expr.name].labels if node.expr.name in exposed() else {"type"}
    for node in nodes(rule.expression):
        modifier = getattr(node.expr, "modifier", None)
        if isinstance(node.expr, BinaryExpr) and modifier is not None:
            modifier = modifier.matching
        assert modifier is None or set(modifier.labels) <= there


@each_rule
def test_no_choice_of_series_flaps(rule: Rule) -> None:
    """promql/fragile: which series are on top changes from one moment to the next."""
    for node in nodes(rule.expression):
        assert not (isinstance(node.expr, AggregateExpr) and op(node.expr) in {"topk", "bottomk", "limitk", "quantile"})


@each_rule
def test_no_division_by_zero(rule: Rule) -> None:
    """promql/nan: a divisor is a number, has a lower limit, or has something added."""
    for node in nodes(rule.expression):
        if isinstance(node.expr, BinaryExpr) and op(node.expr) == "/":
            assert any(_is_above_zero(part.expr) for part in nodes(node.expr.rhs)), node.expr.rhs.prettify()


def _is_above_zero(expr: Expr) -> bool:
    if isinstance(expr, NumberLiteral):
        return expr.val > 0
    if not isinstance(expr, BinaryExpr) or not isinstance(bare(expr.rhs), NumberLiteral):
        return False
    limit = bare(expr.rhs).val
    return (op(expr) == ">" and limit >= 0) or (op(expr) in {">=", "+"} and limit > 0)


@each_rule
def test_a_group_is_evaluated_often_enough(rule: Rule) -> None:
    """group/interval: beyond five minutes a series has gaps."""
    interval = rule.group.get("interval", CONFIG["global"]["evaluation_interval"])
    assert promql_parser.parse_duration(interval).total_seconds() <= 60


@pytest.mark.parametrize("rule", RECORDED, ids=lambda rule: rule.name)
def test_recorded_names_say_level_metric_and_operation(rule: Rule) -> None:
    """rule/name."""
    assert re.fullmatch(r"[a-z_]+:aip_[a-z0-9_]+:[a-z0-9_]+", rule.name)


def test_what_is_recorded_is_used() -> None:
    """rule/dependency, in both directions."""
    used = {name for rule in rules() for name in _names(rule) if ":" in name}
    assert used == RECORDED_NAMES


@each_alert
def test_an_alert_has_a_condition(rule: Rule) -> None:
    """alerts/comparison: an alert that only looks at a value fires as long as there is one."""
    parts = [node.expr for node in nodes(rule.expression)]
    compares = any(isinstance(part, BinaryExpr) and op(part) in COMPARISONS for part in parts)
    looks_for_absence = any(isinstance(part, Call) and part.func.name == "absent" for part in parts)
    assert compares or looks_for_absence or rule.name == "Watchdog"


@each_alert
def test_an_alert_waits_for_what_may_pass(rule: Rule) -> None:
    """alerts/absent, alerts/for: a missed scrape is no absence; counts of events need no patience."""
    immediate = {"AipConsecutiveFailures", "Watchdog"}
    assert ("for" in rule.body) == (rule.name not in immediate)
    assert promql_parser.parse_duration(rule.body.get("for", "1m")).total_seconds() >= 4 * SCRAPE_SECONDS


@each_alert
def test_counts_are_compared_between_whole_numbers(rule: Rule) -> None:
    for node in nodes(rule.expression):
        expr = node.expr
        if isinstance(expr, BinaryExpr) and op(expr) == ">=" and isinstance(bare(expr.rhs), NumberLiteral):
            names = {part.expr.name for part in selectors(expr.lhs)}
            if any(name.endswith((":increase", ":sum")) for name in names):
                assert bare(expr.rhs).val % 1 == 0.5

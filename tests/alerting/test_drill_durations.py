"""The drill divides durations and nothing else: every committed expression, and made-up ones with traps in them."""

import re
from datetime import timedelta

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.alerting.drill.durations import divided, divided_expression, seconds_of
from processor.errors import UsageError
from tests.contract.alerts import Rule, rules
from tests.contract.expressions import nodes

K = 120
_SPAN = re.compile(r"\[[^\]]*\]|offset \S+")


def _durations(expression: str) -> list[timedelta]:
    parts = (getattr(node.expr, name, None) for node in nodes(expression) for name in ("range", "offset", "step"))
    return [part for part in parts if isinstance(part, timedelta)]


def _without_durations(expression: str) -> str:
    return " ".join(_SPAN.sub("", promql_parser.parse(expression).prettify()).split())


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_committed_expression_keeps_everything_but_its_durations(rule: Rule) -> None:
    faster = divided_expression(rule.expression, K)
    assert _without_durations(faster) == _without_durations(rule.expression)
    assert _durations(faster) == [
        pytest.approx(one / K, abs=timedelta(milliseconds=1)) for one in _durations(rule.expression)
    ]


def test_the_committed_expressions_have_durations() -> None:
    assert len([one for rule in rules() for one in _durations(rule.expression)]) > 30


@pytest.mark.parametrize(
    ("expression", "faster"),
    [
        ("x[2h]", "x[60000ms]"),
        ("x offset 2h", "x offset 60000ms"),
        ("x offset -2m", "x offset -1000ms"),
        ("x OFFSET 2m", "x OFFSET 1000ms"),
        ("max_over_time(x[1h30m:1m])", "max_over_time(x[45000ms:500ms])"),
        ("x[240]", "x[2000ms]"),
        ('x{window="6h"} > 300', 'x{window="6h"} > 300'),
        ("x{a='[5m]'} # in [5m]\n > 2", "x{a='[5m]'} # in [5m]\n > 2"),
        ('label_replace(x, "a", "offset 5m", "b", `[5m]`)', 'label_replace(x, "a", "offset 5m", "b", `[5m]`)'),
        (r'x{a="\"[5m]"}[2m]', r'x{a="\"[5m]"}[1000ms]'),
        ('x{offset="5m"} + 7', 'x{offset="5m"} + 7'),
        ("sum by (offset) (x) * 60", "sum by (offset) (x) * 60"),
        ("x @ 1600000000 offset 2m", "x @ 1600000000 offset 1000ms"),
        ("slo:aip_5m:total[2m]", "slo:aip_5m:total[1000ms]"),
    ],
)
def test_what_is_a_duration(expression: str, faster: str) -> None:
    assert divided_expression(expression, K) == faster


_spans = st.builds("{}{}".format, st.integers(1, 999), st.sampled_from(["s", "m", "h", "d"]))
_text = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=12).map(
    lambda text: text.replace("\\", "").replace('"', "")
)


@given(label=_text, span=_spans, offset=_spans, number=st.integers(0, 10**6), k=st.integers(1, 500))
def test_strings_and_numbers_are_never_touched(label: str, span: str, offset: str, number: int, k: int) -> None:
    expression = f'rate(x{{a="{label}"}}[{span}] offset {offset}) > {number}'
    expected = f'rate(x{{a="{label}"}}[{divided(span, k)}] offset {divided(offset, k)}) > {number}'
    assert divided_expression(expression, k) == expected


@given(span=_spans, k=st.floats(1, 1000))
def test_a_divided_duration_is_right_to_the_millisecond(span: str, k: float) -> None:
    assert seconds_of(divided(span, k)) == pytest.approx(seconds_of(span) / k, abs=0.001)


def test_nothing_becomes_zero_but_zero() -> None:
    assert divided("1ms", 1000) == "1ms"
    assert divided("0s", K) == divided("0", K) == "0s"
    assert divided("15s", K, least_seconds=0.5) == "500ms"
    assert divided("100ms", K, least_seconds=0.5) == "100ms"


def test_what_is_no_duration_is_told() -> None:
    with pytest.raises(UsageError, match="'5 minutes' is no duration; write it like 30s, 5m or 1h30m"):
        seconds_of("5 minutes")

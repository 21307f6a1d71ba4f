"""An old condition means the same in PromQL, and whatever is no condition is refused with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.alerting.legacy_rules.condition import Arithmetic, Both, Comparison, Either, Name, Negative, Not, Number
from processor.alerting.legacy_rules.grammar import parse
from processor.alerting.legacy_rules.promql import write
from processor.alerting.legacy_rules.tokens import ConditionFault

NAMES = ("error_rate", "memory_percent", "total_processed")
EXPRESSIONS = {"error_rate": "e", "memory_percent": "m", "total_processed": "t"}


@pytest.mark.parametrize(
    ("condition", "promql"),
    [
        ("error_rate > 0.1", "(e) > 0.1"),
        ("0.1 < error_rate", "0.1 < (e)"),
        ("error_rate*100>=10", "((e) * 100) >= 10"),
        ("error_rate > 0.1 and total_processed >= 10", "((e) > 0.1) and ((t) >= 10)"),
        ("error_rate > 1 or memory_percent > 2 and total_processed > 3", "((e) > 1) or (((m) > 2) and ((t) > 3))"),
        ("(error_rate > 1 or memory_percent > 2) and total_processed > 3", "(((e) > 1) or ((m) > 2)) and ((t) > 3)"),
        ("not error_rate > 0.1", "(e) <= 0.1"),
        ("not (error_rate > 0.1 and memory_percent == 2)", "((e) <= 0.1) or ((m) != 2)"),
        ("not not error_rate != 0", "(e) != 0"),
        ("error_rate - 1 - 2 > 0", "(((e) - 1) - 2) > 0"),
        ("-error_rate < -.5e-1", "(-(e)) < (-.5e-1)"),
        ("error_rate / memory_percent > 2", "((e) / (m)) > 2"),
    ],
)
def test_a_condition_is_translated(condition, promql):
    assert write(parse(condition, NAMES), EXPRESSIONS) == promql


@pytest.mark.parametrize(
    ("condition", "at", "said"),
    [
        ("eror_rate > 0.1", 0, "there is no quantity 'eror_rate'"),
        ("error_rate > 0.1; import os", 16, "';' means nothing here"),
        ("__import__ > 1", 0, "there is no quantity '__import__'"),
        ("__import__('os') > 1", 11, """"'" means nothing here"""),
        ("metrics['x'] > 1", 7, "'[' means nothing here"),
        ("error_rate", 0, "this compares nothing"),
        ("error_rate > 0.1 and memory_percent", 21, "this compares nothing"),
        ("0 < error_rate < 1", 15, "two comparisons in a row"),
        ("1 < 2", 2, "compares two numbers, which never changes"),
        ("1 < 2 and error_rate > 1", 2, "compares two numbers, which never changes"),
        ("(error_rate > 0.1", 0, "this bracket is never closed"),
        ("error_rate > 0.1)", 16, "')' does not belong here"),
        ("error_rate >", 12, "the condition ends too early"),
        ("error_rate > 0.1 memory_percent > 2", 17, "'memory_percent' does not belong here"),
        ("error_rate / 0 > 1", 13, "divides by zero"),
        ("(error_rate > 1) + 1 > 2", 12, "a comparison stands where a quantity belongs"),
        ("error_rate > > 1", 13, "'>' stands where a name or a number belongs"),
        ("error_rate && 1", 11, "'&' means nothing here"),
        ("", 0, "the condition ends too early"),
        ("(" * 50 + "error_rate > 1" + ")" * 50, 40, "is nested more than 40 levels deep"),
        ("not " * 50 + "error_rate > 1", 160, "is nested more than 40 levels deep"),
        ("error_rate > " + "1" * 1000, 1000, "the condition is longer than 1000 characters"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(condition, at, said):
    with pytest.raises(ConditionFault) as caught:
        parse(condition, NAMES)
    assert (caught.value.at, caught.value.problem) == (at, said)
    assert caught.value.remedy


@given(st.text(alphabet="error_ratmmy_pcn 0123456789.<>=!()+-*/andotr'\"[]:;", max_size=60))
def test_any_text_is_a_condition_or_a_fault_within_it(text):
    places = [0]
    try:
        parse(text, NAMES)
    except ConditionFault as fault:
        places.append(fault.at)
    assert 0 <= places[-1] <= len(text)


QUANTITIES = st.recursive(
    st.one_of(
        st.sampled_from(NAMES).map(lambda name: Name(name, 0)),
        st.integers(0, 99).map(lambda number: Number(str(number), 0)),
    ),
    lambda part: st.one_of(
        st.builds(lambda of: Negative(of, 0), part),
        st.builds(lambda sign, left, right: Arithmetic(sign, left, right, 0), st.sampled_from("+-*"), part, part),
    ),
    max_leaves=5,
)
CONDITIONS = st.recursive(
    st.builds(
        lambda sign, name, right: Comparison(sign, Name(name, 0), right, 0),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.sampled_from(NAMES),
        QUANTITIES,
    ),
    lambda part: st.one_of(
        st.builds(lambda of: Not(of, 0), part),
        st.builds(lambda left, right: Both(left, right, 0), part, part),
        st.builds(lambda left, right: Either(left, right, 0), part, part),
    ),
    max_leaves=6,
)


@given(CONDITIONS, st.tuples(*(st.integers(0, 99) for _ in NAMES)))
def test_the_translation_holds_exactly_when_the_old_condition_did(condition, values):
    measured = dict(zip(NAMES, values, strict=True))
    old = _written(condition)
    new = write(parse(old, NAMES), {name: str(value) for name, value in measured.items()})
    assert _holds(new, {}) == _holds(old, measured)


def _written(part: object) -> str:
    """Write a condition the way that the old files have it."""
    match part:
        case Number(text) | Name(text):
            return text
        case Negative(of):
            return f"(-{_written(of)})"
        case Not(of):
            return f"not ({_written(of)})"
        case Arithmetic(sign, left, right) | Comparison(sign, left, right):
            text = f"{_written(left)} {sign} {_written(right)}"
            return f"({text})" if isinstance(part, Arithmetic) else text
    assert isinstance(part, Both | Either)
    return f"({_written(part.left)} {'and' if isinstance(part, Both) else 'or'} {_written(part.right)})"


def _holds(text: str, names: dict[str, int]) -> bool:
    """Do what the old alert manager did; PromQL's words and signs are Python's too once its names are numbers."""
    return bool(eval(text, {"__builtins__": {}}, names))  # noqa: S307  # the text was made by this test

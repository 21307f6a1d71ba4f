"""Findings of the two sides are told apart, counted one by one."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from processor.gate.comparison import compare, follow_renames, has_new
from processor.gate.verdict import in_state
from processor.model import Finding, FindingState
from tests.gate.conftest import patient

_findings = st.lists(
    st.builds(Finding, key=st.sampled_from("abcd"), message=st.sampled_from(["m", "n"]), line=st.integers(1, 9)),
    max_size=8,
)


def _keys(findings: tuple[Finding, ...] | list[Finding], *states: FindingState) -> Counter[str]:
    return Counter(one.key for one in findings if not states or one.state in states)


@patient
@given(base=_findings, change=_findings)
def test_new_and_unchanged_make_up_the_change_and_fixed_and_unchanged_the_base(
    base: list[Finding], change: list[Finding]
) -> None:
    found = compare(base, change)
    assert _keys(found, FindingState.NEW, FindingState.UNCHANGED) == _keys(change)
    assert _keys(found, FindingState.FIXED, FindingState.UNCHANGED) == _keys(base)


@patient
@given(base=_findings, change=_findings)
def test_there_is_something_new_exactly_when_a_finding_is_new(base: list[Finding], change: list[Finding]) -> None:
    assert has_new(base, change) == bool(in_state(compare(base, change), FindingState.NEW))


@patient
@given(findings=_findings)
def test_a_check_that_says_the_same_on_both_sides_has_nothing_new(findings: list[Finding]) -> None:
    assert {one.state for one in compare(findings, findings)} <= {FindingState.UNCHANGED}


@patient
@given(base=_findings, change=_findings, again=_findings)
def test_a_finding_is_new_only_when_both_runs_show_it(
    base: list[Finding], change: list[Finding], again: list[Finding]
) -> None:
    found = compare(base, change, again)
    both = _keys(change) & _keys(again)
    assert _keys(found, FindingState.NEW) == both - _keys(base)
    assert _keys(found, FindingState.FLAKY) == (_keys(change) | _keys(again)) - both


@patient
@given(base=_findings, change=_findings, again=_findings)
def test_the_order_of_what_a_program_prints_does_not_matter(
    base: list[Finding], change: list[Finding], again: list[Finding]
) -> None:
    assert compare(base[::-1], change[::-1], again[::-1]) == compare(base, change, again)


def test_a_finding_in_a_renamed_file_meets_its_equal() -> None:
    base = (Finding(key="old.py: unused", message="unused", path="old.py", line=3),)
    change = (Finding(key="new.py: unused", message="unused", path="new.py", line=9),)
    followed = follow_renames(base, {"old.py": "new.py"})
    assert [one.state for one in compare(followed, change)] == [FindingState.UNCHANGED]

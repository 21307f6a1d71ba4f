"""Doubt comparisons that can never hold, always hold, or take a share for percent: no alert would be better."""

import operator
from collections.abc import Callable, Iterator
from typing import Final

from processor.alerting.legacy_rules.condition import Both, Comparison, Condition, Either, Name, Not, Number
from processor.alerting.legacy_rules.names import NAMES, Known

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def doubts(condition: Condition) -> Iterator[str]:
    """Tell what is odd about the comparisons of one name with one number."""
    match condition:
        case Both(left, right) | Either(left, right):
            yield from doubts(left)
            yield from doubts(right)
        case Not(of):
            yield from doubts(of)
        case Comparison(sign, Name(name), Number(text)):
            yield from _doubts(name, sign, text)
        case Comparison(sign, Number(text), Name(name)):
            yield from _doubts(name, _TURNED[sign], text)


def _doubts(name: str, sign: str, text: str) -> Iterator[str]:
    known, limit, holds = NAMES[name], float(text), _COMPARE[sign]
    said = f"{name} {sign} {text}"
    reaches = {holds(value, limit) for value in _extremes(known, limit)}
    if reaches == {False}:
        yield f"{said} can never hold: {name} is {_range(known)}"
    elif reaches == {True}:
        yield f"{said} always holds: {name} is {_range(known)}"
    elif known.largest == 100 and 0 < limit < 1:
        yield f"{said} means less than one percent: {name} is {_range(known)}"


def _extremes(known: Known, limit: float) -> tuple[float, ...]:
    """Give the ends of the range and, where it lies in between, the limit itself: no sign holds elsewhere alone."""
    largest = float("inf") if known.largest is None else known.largest
    return (0.0, largest, *([limit] if 0 <= limit <= largest else []))


def _range(known: Known) -> str:
    return "never below 0" if known.largest is None else f"between 0 and {known.largest}"

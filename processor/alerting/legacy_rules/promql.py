"""Write a condition as PromQL: an expression that has a value exactly while the condition holds."""

from collections.abc import Mapping

from processor.alerting.legacy_rules.condition import (
    Arithmetic,
    Both,
    Comparison,
    Condition,
    Either,
    Name,
    Negative,
    Not,
    Number,
    Quantity,
)

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def write(condition: Condition, expressions: Mapping[str, str]) -> str:
    """Write the condition; `expressions` has the PromQL of every name, with equal labels for all of them."""
    match condition:
        case Comparison(sign, left, right):
            return f"{_quantity(left, expressions)} {sign} {_quantity(right, expressions)}"
        case Both(left, right):
            return f"({write(left, expressions)}) and ({write(right, expressions)})"
        case Either(left, right):
            return f"({write(left, expressions)}) or ({write(right, expressions)})"
        case Not(of):
            return write(_negate(of), expressions)


def _negate(condition: Condition) -> Condition:
    """Carry `not` down to the comparisons, for PromQL has none; what has no value holds neither way."""
    match condition:
        case Comparison(sign, left, right, at):
            return Comparison(_OPPOSITE[sign], left, right, at)
        case Both(left, right, at):
            return Either(_negate(left), _negate(right), at)
        case Either(left, right, at):
            return Both(_negate(left), _negate(right), at)
        case Not(of):
            return of


def _quantity(quantity: Quantity, expressions: Mapping[str, str]) -> str:
    match quantity:
        case Number(text):
            return text
        case Name(name):
            return f"({expressions[name]})"
        case Negative(of):
            return f"(-{_quantity(of, expressions)})"
        case Arithmetic(sign, left, right):
            return f"({_quantity(left, expressions)} {sign} {_quantity(right, expressions)})"

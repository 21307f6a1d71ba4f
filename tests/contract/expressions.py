"""Take PromQL apart: nodes with their ancestors, and the selectors in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import promql_parser
from promql_parser import AggregateExpr, BinaryExpr, Call, Expr, MatrixSelector, ParenExpr, SubqueryExpr, VectorSelector

COMPARISONS = {"==", "!=", ">", "<", ">=", "<="}


@dataclass(frozen=True)
class Node:
    """A part of an expression; `above` are what it stands in, the innermost first."""

    expr: Expr
    above: tuple[Expr, ...]


@dataclass(frozen=True)
class Matcher:
    """One condition on a label."""

    label: str
    op: str
    value: str


def nodes(expression: str | Expr) -> tuple[Node, ...]:
    """Give every part of an expression."""
    return tuple(_walk(promql_parser.parse(expression) if isinstance(expression, str) else expression, ()))


def _walk(expr: Expr, above: tuple[Expr, ...]) -> Iterator[Node]:
    yield Node(expr, above)
    for child in _children(expr):
        yield from _walk(child, (expr, *above))


def _children(expr: Expr) -> list[Expr]:
    if isinstance(expr, BinaryExpr):
        return [expr.lhs, expr.rhs]
    if isinstance(expr, Call):
        return list(expr.args)
    if isinstance(expr, MatrixSelector):
        return [expr.vector_selector]
    if isinstance(expr, AggregateExpr | ParenExpr | SubqueryExpr):
        return [expr.expr]
    return []


def selectors(expression: str | Expr) -> tuple[Node, ...]:
    """Give every selector of series."""
    return tuple(node for node in nodes(expression) if isinstance(node.expr, VectorSelector))


def matchers(selector: Expr) -> tuple[Matcher, ...]:
    """Give the conditions of a selector."""
    signs = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
    return tuple(Matcher(one.name, signs[str(one.op)], one.value) for one in selector.matchers.matchers)


def meet(conditions: Iterable[Matcher], labels: dict[str, str]) -> bool:
    """Tell whether a series with these labels meets every condition."""
    tests = {
        "=": lambda have, want: have == want,
        "!=": lambda have, want: have != want,
        "=~": lambda have, want: re.fullmatch(want, have) is not None,
        "!~": lambda have, want: re.fullmatch(want, have) is None,
    }
    return all(tests[one.op](labels.get(one.label, ""), one.value) for one in conditions)


def op(expr: Expr) -> str:
    """Give the operator of a binary expression or an aggregation, without its modifiers."""
    return str(expr.op).split(maxsplit=1)[0]


def functions(node: Node) -> list[str]:
    """Give the functions that a part stands in, the innermost first."""
    return [above.func.name for above in node.above if isinstance(above, Call)]


def bare(expr: Expr) -> Expr:
    """Take the brackets off."""
    while isinstance(expr, ParenExpr):
        expr = expr.expr
    return expr

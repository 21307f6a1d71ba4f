"""Read a condition by a closed grammar. Nothing of it is ever evaluated as a program.

condition  = both { "or" both }
both       = negated { "and" negated }
negated    = { "not" } comparison
comparison = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]
sum        = product { ( "+" | "-" ) product }
product    = signed { ( "*" | "/" ) signed }
signed     = { "-" | "+" } ( number | name | "(" condition ")" )
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

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
    is_constant,
)
from processor.alerting.legacy_rules.tokens import ConditionFault, Kind, Token, cut

_COMPARING = ("<", "<=", ">", ">=", "==", "!=")
_LONGEST = 1000
_DEEPEST = 40


def parse(text: str, known: Collection[str]) -> Condition:
    """Read the text of a condition that may use the known names.

    Raises:
        ConditionFault: with the place of the first thing that is wrong.
    """
    if len(text) > _LONGEST:
        raise ConditionFault(_LONGEST, f"the condition is longer than {_LONGEST} characters", "split the rule")
    parser = _Parser(cut(text), known)
    found = parser.condition()
    parser.expect_end()
    return _as_condition(found)


class _Parser:
    """One pass over the tokens; each method reads one line of the grammar."""

    def __init__(self, tokens: tuple[Token, ...], known: Collection[str]) -> None:
        self._tokens = tokens
        self._known = known
        self._next = 0
        self._depth = 0

    def condition(self) -> Condition | Quantity:
        return self._joined("or", Either, self._both)

    def expect_end(self) -> None:
        token = self._peek()
        if token.kind is Kind.END:
            return
        if token.text in _COMPARING:
            raise ConditionFault(token.at, "two comparisons in a row", "join two comparisons with and")
        raise ConditionFault(token.at, f"{token.text!r} does not belong here", "join two comparisons with and, or or")

    def _both(self) -> Condition | Quantity:
        return self._joined("and", Both, self._negated)

    def _joined(
        self,
        word: str,
        join: type[Both] | type[Either],
        part: Callable[[], Condition | Quantity],
    ) -> Condition | Quantity:
        left = part()
        while (token := self._peek()).kind is Kind.KEYWORD and token.text == word:
            self._take()
            left = join(_as_condition(left), _as_condition(part()), token.at)
        return left

    def _negated(self) -> Condition | Quantity:
        token = self._peek()
        if token.kind is Kind.KEYWORD and token.text == "not":
            self._take()
            with self._deeper(token):
                return Not(_as_condition(self._negated()), token.at)
        return self._comparison()

    def _comparison(self) -> Condition | Quantity:
        left = self._sum()
        token = self._peek()
        if token.text not in _COMPARING:
            return left
        self._take()
        right = self._sum()
        compared = Comparison(token.text, _as_quantity(left), _as_quantity(right), token.at)
        if is_constant(compared.left) and is_constant(compared.right):
            raise ConditionFault(token.at, "compares two numbers, which never changes", "compare a name with a number")
        return compared

    def _sum(self) -> Condition | Quantity:
        return self._calculated("+-", self._product)

    def _product(self) -> Condition | Quantity:
        return self._calculated("*/", self._signed)

    def _calculated(self, signs: str, part: Callable[[], Condition | Quantity]) -> Condition | Quantity:
        left = part()
        while (token := self._peek()).kind is Kind.SIGN and token.text in signs:
            self._take()
            right = _as_quantity(part())
            if token.text == "/" and isinstance(right, Number) and float(right.text) == 0:
                raise ConditionFault(right.at, "divides by zero", "divide by another number")
            left = Arithmetic(token.text, _as_quantity(left), right, token.at)
        return left

    def _signed(self) -> Condition | Quantity:
        token = self._take()
        if token.text in {"-", "+"}:
            with self._deeper(token):
                of = _as_quantity(self._signed())
            return Negative(of, token.at) if token.text == "-" else of
        if token.kind is Kind.NUMBER:
            return Number(token.text, token.at)
        if token.kind is Kind.NAME:
            return self._name(token)
        if token.text == "(":
            return self._bracketed(token)
        raise _unexpected(token)

    def _bracketed(self, opening: Token) -> Condition | Quantity:
        with self._deeper(opening):
            found = self.condition()
        if self._take().text != ")":
            raise ConditionFault(opening.at, "this bracket is never closed", "close it with )")
        return found

    def _name(self, token: Token) -> Name:
        if token.text in self._known:
            return Name(token.text, token.at)
        nearest = get_close_matches(token.text, self._known, n=1)
        advice = f"did you mean {nearest[0]}? " if nearest else ""
        raise ConditionFault(
            token.at, f"there is no quantity {token.text!r}", f"{advice}known are {', '.join(sorted(self._known))}"
        )

    @contextmanager
    def _deeper(self, token: Token) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionFault(token.at, f"is nested more than {_DEEPEST} levels deep", "write it flat")
        yield
        self._depth -= 1

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        if token.kind is not Kind.END:
            self._next += 1
        return token


def _unexpected(token: Token) -> ConditionFault:
    if token.kind is Kind.END:
        return ConditionFault(token.at, "the condition ends too early", "finish the comparison, as in error_rate > 0.1")
    return ConditionFault(token.at, f"{token.text!r} stands where a name or a number belongs", "put one in its place")


def _as_condition(found: Condition | Quantity) -> Condition:
    if isinstance(found, Comparison | Both | Either | Not):
        return found
    raise ConditionFault(found.at, "this compares nothing", "compare it with a limit, as in error_rate > 0.1")


def _as_quantity(found: Condition | Quantity) -> Quantity:
    if isinstance(found, Comparison | Both | Either | Not):
        raise ConditionFault(found.at, "a comparison stands where a quantity belongs", "join comparisons with and, or")
    return found

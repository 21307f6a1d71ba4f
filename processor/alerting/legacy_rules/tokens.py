"""Cut a condition into words, numbers and signs, each with its place."""

import re
from dataclasses import dataclass
from enum import StrEnum

_PATTERN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)"
    r"|(?P<sign><=|>=|==|!=|[<>+\-*/()])"
)
_KEYWORDS = ("and", "or", "not")


class Kind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    NAME = "name"
    KEYWORD = "keyword"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True)
class Token:
    """One word of a condition; `at` counts characters from 0."""

    kind: Kind
    text: str
    at: int


class ConditionFault(Exception):
    """The condition is not one of the grammar; `at` counts characters from 0."""

    def __init__(self, at: int, problem: str, remedy: str) -> None:
        self.at = at
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


def cut(text: str) -> tuple[Token, ...]:
    """Cut the text into tokens; the last one is the end.

    Raises:
        ConditionFault: a character belongs to no token.
    """
    tokens = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            remedy = "use names, numbers, < <= > >= == !=, and, or, not, + - * / and brackets"
            raise ConditionFault(at, f"{text[at]!r} means nothing here", remedy)
        if match.lastgroup != "space":
            tokens.append(Token(_kind(match), match.group(), at))
        at = match.end()
    return (*tokens, Token(Kind.END, "", len(text)))


def _kind(match: re.Match[str]) -> Kind:
    if match.lastgroup == "word":
        return Kind.KEYWORD if match.group() in _KEYWORDS else Kind.NAME
    return Kind(match.lastgroup or "")

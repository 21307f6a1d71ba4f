"""Recognise the words by which a program says that the work is still to be done."""

import re
from collections.abc import Iterable

_TO_DO = re.compile(
    r"\b(?:TODO|FIXME|XXX)\b\W{0,3}(?:(?:please|actually|need to|must|should)\s+)*"
    r"(?:implement|add\s+(?:\w+\s+){0,3}(?:logic|implementation|code)\b|write\s+(?:\w+\s+)?(?:implementation|code|tests?)\b"
    r"|fill\s+in\b|complete\s+(?:this|the|implementation)|実装)"
    r"|\b(?:not\s+(?:yet\s+)?implemented|implementation\s+(?:goes|here|pending)|your\s+code\s+here|add\s+your\s+code"
    r"|stub\s+implementation|mock\s+implementation|placeholder\s+(?:implementation|for\s+now|until)"
    r"|implement\s+(?:me|this|later|here)\b)"
    r"|(?:モック|仮|スタブ|ダミー)実装|未実装|実装(?:予定|してください|が必要)|ここに実装",
    re.IGNORECASE,
)
_PRETENCE = re.compile(
    r"\b(?:placeholders?|stub(?:bed)?|mock(?:ed)?|dummy|fake|hard-?coded|simulat\w+|for\s+now|temporary|not\s+implemented"
    r"|TODO|FIXME)\b|(?:モック|仮|スタブ|ダミー)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?://|(?<![\w&])#|/\*|^\s*\*|--|<!--)\s*(?P<words>.*)")
_STATEMENT = re.compile(
    r"\b(?:todo|unimplemented)!\s*\(|\bpanic!?\(\s*[\"'](?:TODO|not\s+(?:yet\s+)?implemented)"
    r"|\bthrow\s+new\s+\w*(?:NotImplemented\w*\s*\(|\w*\(\s*[\"'`](?:TODO|not\s+(?:yet\s+)?implemented))"
    r"|\braise\s+NotImplementedError\b|\bexpect\(\s*true\s*\)\s*\.\s*toBe(?:Truthy)?\(|\bassertTrue\(\s*true\s*\)"
    r"|\bassert\.(?:ok|isTrue)\(\s*true\s*[,)]|\bassert!\(\s*true\s*\)",
    re.IGNORECASE,
)


def says_to_do(comment: str) -> bool:
    """Tell whether a comment announces work that is still to be done: `TODO: implement`, `mock implementation`."""
    return _TO_DO.search(comment) is not None


def says_pretence(comment: str) -> bool:
    """Tell whether a comment owns up that the value beside it is made up: `placeholder`, `for now`, `dummy`."""
    return _PRETENCE.search(comment) is not None


def find_placeholder_lines(lines: Iterable[str]) -> tuple[tuple[int, str], ...]:
    """Find placeholders in source of any language: to-do comments, and statements that stand for missing code.

    Words in strings do not count, unless something throws them. Gives 1-based line numbers with the words.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        statement = _STATEMENT.search(line[:2000])
        comment = _COMMENT.search(line[:2000])
        if statement is not None:
            found.append((number, line.strip()[:80]))
        elif comment is not None and says_to_do(comment["words"]):
            found.append((number, comment["words"].strip()[:80]))
    return tuple(found)

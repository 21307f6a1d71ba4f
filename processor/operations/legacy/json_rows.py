"""Find the objects in a JSON file that may be whole, one object a line, cut short or damaged. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from processor.operations.legacy.findings import Misfit

_NEXT: Final = re.compile(r"[{\[]")
_DECODER: Final = json.JSONDecoder()
_DEEPEST: Final = "is nested too deep"


@dataclass(frozen=True)
class Row:
    """One object and the line where it begins, from 1; `fault` says why there is none."""

    line: int
    value: dict[str, Any] | None
    fault: str = ""
    excerpt: str = ""


def rows(text: str) -> Iterator[Row]:
    """Give the objects of a file: its one object, those of its array, or those of its lines.

    Of a file that is damaged or cut short, every object that is whole is given, and each place that is none once.
    """
    try:
        whole = _decode(text)
    except Misfit:
        yield from _salvaged(text)
        return
    if isinstance(whole, dict):
        yield Row(1, whole)
    elif isinstance(whole, list):
        yield from _of_array(text, whole)
    else:
        yield Row(1, None, "is no object and no array", text[:200])


def row_of_line(line: int, text: str) -> Row:
    """Give the object that a line is."""
    try:
        value = _decode(text)
    except Misfit as exc:
        return Row(line, None, str(exc), text)
    return Row(line, value) if isinstance(value, dict) else Row(line, None, "is no object", text)


def _decode(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        raise Misfit(f"is no JSON ({exc.msg} at character {exc.pos + 1})") from exc
    except RecursionError as exc:
        raise Misfit(_DEEPEST) from exc


def _of_array(text: str, items: list[Any]) -> Iterator[Row]:
    """Give the items with their lines, found again one after the other."""
    at = text.index("[") + 1
    for item in items:
        while text[at] in " \t\r\n,":
            at += 1
        line = text.count("\n", 0, at) + 1
        end = _DECODER.raw_decode(text, at)[1]
        yield Row(line, item) if isinstance(item, dict) else Row(line, None, "is no object", text[at:end])
        at = end


def _salvaged(text: str) -> Iterator[Row]:
    """Give every object that begins somewhere and is whole; an array is looked into."""
    at = 0
    while found := _NEXT.search(text, at):
        start = found.start()
        line = text.count("\n", 0, start) + 1
        if text[start] == "[":
            at = start + 1
            continue
        try:
            value, at = _DECODER.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            # What is inside of an object that is not whole means nothing alone: go on at the next line's object.
            following = re.compile(r"\n\s{0,4}\{").search(text, start + 1)
            end = len(text) if following is None else following.end() - 1
            yield Row(line, None, "is an object that is damaged or cut short", text[start:end].strip())
            at = end
        else:
            yield Row(line, value)
    if not _NEXT.search(text):
        yield Row(1, None, "is no JSON" if text.strip() else "is empty", text.strip())

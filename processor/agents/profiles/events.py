"""Read JSON that a CLI printed, and take figures from it without believing their shape."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping

_MOST = 10**12  # more tokens than this is a broken figure
_TRIES = 50

Event = Mapping[str, object]


def read_events(text: str) -> Iterator[Event]:
    """Yield the JSON objects of a text: the whole text as one, else one a line; anything else is passed over."""
    whole = _object(text)
    if whole is not None:
        yield whole
        return
    for line in text.splitlines():
        event = _object(line)
        if event is not None:
            yield event


def last_event(text: str) -> Event | None:
    """Find the JSON object that a text ends with, after whatever else it holds."""
    end = len(text)
    for _ in range(_TRIES):
        end = text.rfind("{", 0, end)
        if end < 0:
            return None
        if end == 0 or text[end - 1] == "\n":
            event = _object(text[end:])
            if event is not None:
                return event
    return None


def of_type(events: Iterable[Event], name: str) -> list[Event]:
    """Keep the events whose `type` is `name`."""
    return [event for event in events if event.get("type") == name]


def dig(value: object, *keys: str) -> object:
    """Follow keys through nested objects; None when one is missing."""
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def count(value: object) -> int | None:
    """Return a number of tokens; None when it is not one."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        return None
    return value


def dollars(value: object) -> float | None:
    """Return an amount of dollars; None when it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    amount = float(value) if abs(value) <= _MOST else math.nan
    return amount if math.isfinite(amount) and amount >= 0 else None


def words(value: object) -> str:
    """Return a text; empty when it is not one."""
    return value if isinstance(value, str) else ""


def total(values: Iterable[int | None]) -> int | None:
    """Add what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def total_dollars(values: Iterable[float | None]) -> float | None:
    """Add what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def less(value: int | None, part: int | None) -> int | None:
    """Take a part out of a figure that includes it; an unknown part takes nothing."""
    if value is None or part is None:
        return value
    return max(0, value - part)


def reason(text: str) -> str:
    """Return the innermost `message` of an error text, which providers like to wrap in JSON several times."""
    for _ in range(5):
        start, end = text.find("{"), text.rfind("}")
        inner = _object(text[start : end + 1]) if 0 <= start < end else None
        message = words(dig(inner, "error", "message")) or words(dig(inner, "message"))
        if not message:
            break
        text = message
    return text.strip()


def _object(text: str) -> Event | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None

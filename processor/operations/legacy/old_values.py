"""Read single values as the original system wrote them. Pure; every function raises Misfit for what is none."""

import math
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from processor.operations.legacy.findings import Misfit

_HIGHEST_ISSUE: Final = 9_999_999_999
_EARLIEST, _LATEST = datetime(2008, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST_SECONDS: Final = 30 * 86400
PRIORITIES: Final = ("critical", "high", "medium", "low")


def moment(name: str, value: object, zone: ZoneInfo) -> float:
    """Give the seconds of the epoch of a date with time; one that names no zone is of `zone`."""
    if not isinstance(value, str):
        raise Misfit(f"{name} is {_shown(value)}, not a date with time")
    try:
        found = datetime.fromisoformat(value.strip().replace(",", "."))
    except ValueError as exc:
        raise Misfit(f"{name} is {_shown(value)}, not a date with time") from exc
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    if not _EARLIEST <= aware <= _LATEST:
        raise Misfit(f"{name} is {_shown(value)}, which cannot be")
    return aware.timestamp()


def epoch(name: str, value: object) -> float:
    """Give seconds of the epoch that are written as such."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Misfit(f"{name} is {_shown(value)}, not seconds of the epoch")
    if not _EARLIEST.timestamp() <= value <= _LATEST.timestamp():
        raise Misfit(f"{name} is {_shown(value)}, which cannot be")
    return float(value)


def issue(name: str, value: object) -> int:
    """Give the number of an issue or pull request."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().lstrip("#").isdigit():
        value = int(value.strip().lstrip("#")[:11])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _HIGHEST_ISSUE:
        raise Misfit(f"{name} is {_shown(value)}, not the number of an issue")
    return value


def seconds(name: str, value: object) -> float | None:
    """Give a length of time; None for a value that is absent."""
    if value is None or value == "":
        return None
    try:
        found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except ValueError:
        found = math.nan
    if not 0 <= found <= _LONGEST_SECONDS:
        raise Misfit(f"{name} is {_shown(value)}, not a number of seconds")
    return found


def text(value: object) -> str | None:
    """Give text; None for a value that is absent or empty."""
    return str(value).strip() or None if value is not None else None


def priority(value: object) -> str | None:
    """Give a priority of ours; None for anything else, which hinders nothing."""
    found = str(value).strip().lower()
    return found if found in PRIORITIES else None


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"

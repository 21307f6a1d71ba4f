"""Numbers and times as a person reads them. Pure."""

from datetime import datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(seconds: float | None) -> str:
    """Write a length of time with two units at most; `-` when it is unknown."""
    if seconds is None:
        return "-"
    whole = round(seconds)
    if whole < 10:
        return f"{seconds:.1f} s"
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02d} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def moment(at: float | None) -> str:
    """Write a time in the zone of this machine, to the second; `-` when it has not come."""
    return "-" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def count(number: int, noun: str) -> str:
    """Write `1 run`, `2 runs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def known(value: object) -> str:
    """Write a value; `unknown` for None, which is never taken for 0."""
    return "unknown" if value is None else str(value)

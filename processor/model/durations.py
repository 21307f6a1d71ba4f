"""A length of time as an operator writes it: `2h`, `90m`, `1d12h`."""

import re

from processor.errors import UsageError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:\d{1,9}[smhdw])+")


def seconds_of(text: str) -> float:
    """Read a length of time, in seconds.

    Raises:
        UsageError: the text is none.
    """
    if _DURATION.fullmatch(text) is None:
        raise UsageError(f"{text!r} is no length of time; write it like 2h, 90m or 1d12h (units s, m, h, d, w)")
    return float(sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([smhdw])", text)))


def duration_text(seconds: float) -> str:
    """Write whole seconds the same way, such as `1d12h`; `0s` for less than one."""
    left, parts = round(seconds), []
    for unit in ("d", "h", "m", "s"):
        number, left = divmod(left, _UNITS[unit])
        parts += [f"{number}{unit}"] if number else []
    return "".join(parts) or "0s"

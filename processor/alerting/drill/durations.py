"""Divide durations: those of a YAML field, and those inside a PromQL expression. Pure.

In PromQL a duration stands between brackets or after `offset`. What looks like one anywhere else is a value or part of
a string, such as the label `window="6h"`, and stays.
Source: https://prometheus.io/docs/prometheus/latest/querying/basics/
"""

import re

from processor.errors import UsageError

_MILLISECONDS = {
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
    "y": 31_536_000_000,
}
_DURATION = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
_PART = re.compile(r"(\d+)(ms|[smhdwy])")
_TOKEN = re.compile(
    r"""(?P<blank>\s+|\#[^\n]*)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
      | (?P<word>[A-Za-z_][\w:.]*)
      | (?P<amount>\d[\w.]*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


def is_duration(text: str) -> bool:
    """Tell whether a text is a duration of Prometheus's configuration."""
    return text == "0" or _DURATION.fullmatch(text) is not None


def seconds_of(duration: str) -> float:
    """Read a duration of Prometheus's configuration, such as `1h30m`, in seconds.

    Raises:
        UsageError: the text is none.
    """
    if not is_duration(duration):
        raise UsageError(f"{duration!r} is no duration; write it like 30s, 5m or 1h30m")
    return sum(int(amount) * _MILLISECONDS[unit] for amount, unit in _PART.findall(duration)) / 1000


def divided(duration: str, k: float, *, least_seconds: float = 0.001) -> str:
    """Divide a duration; what is not 0 becomes `least_seconds` at least.

    Raises:
        UsageError: the text is no duration.
    """
    whole = seconds_of(duration)
    return "0s" if whole == 0 else _written(max(whole / k, min(whole, least_seconds)))


def divided_expression(expression: str, k: float) -> str:
    """Divide every duration of a PromQL expression, and change nothing else of its text."""
    written: list[str] = []
    is_in_brackets = is_after_offset = False
    for token in _TOKEN.finditer(expression):
        kind, text = token.lastgroup, token.group()
        if kind == "amount" and (is_in_brackets or is_after_offset):
            text = _divided_amount(text, k)
        written.append(text)
        if kind == "sign" and text in "[]":
            is_in_brackets = text == "["
        if kind == "word":
            is_after_offset = text.lower() == "offset"
        elif kind != "blank" and text not in "+-":
            is_after_offset = False
    return "".join(written)


def _divided_amount(text: str, k: float) -> str:
    # A bare number stands for seconds: `x[300]` is `x[5m]`.
    return divided(text, k) if _DURATION.fullmatch(text) else _written(max(float(text) / k, 0.001))


def _written(seconds: float) -> str:
    return f"{max(round(seconds * 1000), 1)}ms"

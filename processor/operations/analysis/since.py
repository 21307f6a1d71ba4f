"""The moment from which on an analysis looks, as an operator says it. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from processor.errors import UsageError
from processor.model.durations import seconds_of


def moment_since(text: str, now: float, zone: ZoneInfo) -> float:
    """Give the seconds of the epoch of a length of time ago, such as `7d`, or of a date with or without a time.

    Args:
        zone: of dates that do not name their own.

    Raises:
        UsageError: the text is neither.
    """
    if text[:1].isdigit() and text[-1:].isalpha() and "-" not in text:
        return now - seconds_of(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(
            f"{text!r} is no moment; write a length of time such as 7d, or a date such as 2026-11-23"
        ) from exc
    return (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()

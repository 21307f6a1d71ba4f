"""Time as GitHub writes it: UTC, whole seconds, ending in Z."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment; the production clock."""
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """Return `moment` in GitHub's notation, for example `2026-01-31T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(text: str) -> datetime:
    """Return the moment that `text` (ISO 8601) names; no zone means UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

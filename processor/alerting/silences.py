"""Silences: Alertmanager tells nobody of an alert for a time, and knows who said so and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from processor.alerting.alertmanager_http import call, read, understanding, written
from processor.errors import UsageError
from processor.model.durations import seconds_of

#: Whatever has to be quiet for longer needs another rule.
LONGEST_SECONDS = 30 * 86400


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A silence. Times are seconds since the epoch; `matchers` are written as Alertmanager writes them."""

    silence_id: str
    matchers: tuple[str, ...]
    starts_at: float
    ends_at: float
    created_by: str
    reason: str
    state: str  #: pending, active, expired


def parse_duration(text: str) -> float:
    """Read a length of time such as `2h`, `90m` or `1d12h`, in seconds.

    Raises:
        UsageError: the text is none, or it is not above 0 and at most 30 days.
    """
    seconds = seconds_of(text)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise UsageError(
            f"a silence lasts more than 0 s and at most 30d, not {text}; what is quiet for longer needs another rule"
        )
    return seconds


def silences(url: str) -> tuple[Silence, ...]:
    """Read the silences that are known, those that ended lately included, the one that ends first first.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses.
    """
    rows = call(url, "GET", "/api/v2/silences")
    with understanding(url):
        found = [_silence(row) for row in rows]
    return tuple(sorted(found, key=lambda silence: (silence.ends_at, silence.silence_id)))


def create_silence(
    url: str, matchers: Mapping[str, str], *, starts_at: float, ends_at: float, created_by: str, reason: str
) -> str:
    """Silence every alert whose labels are equal to `matchers`; gives the id of the silence.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses.
    """
    body = {
        "matchers": [
            {"name": name, "value": value, "isRegex": False, "isEqual": True} for name, value in matchers.items()
        ],
        "startsAt": written(starts_at),
        "endsAt": written(ends_at),
        "createdBy": created_by,
        "comment": reason,
    }
    made = call(url, "POST", "/api/v2/silences", body)
    with understanding(url):
        return str(made["silenceID"])


def expire_silence(url: str, silence_id: str) -> None:
    """End a silence now.

    Raises:
        NetworkError: no Alertmanager answers there, or it knows no such silence.
    """
    call(url, "DELETE", f"/api/v2/silence/{silence_id}")


def _silence(row: Mapping[str, Any]) -> Silence:
    return Silence(
        silence_id=row["id"],
        matchers=tuple(_matcher(one) for one in row["matchers"]),
        starts_at=read(row["startsAt"]),
        ends_at=read(row["endsAt"]),
        created_by=row["createdBy"],
        reason=row["comment"],
        state=row["status"]["state"],
    )


def _matcher(matcher: Mapping[str, Any]) -> str:
    sign = (
        ("=~" if matcher["isRegex"] else "=") if matcher.get("isEqual", True) else "!~" if matcher["isRegex"] else "!="
    )
    return f'{matcher["name"]}{sign}"{matcher["value"]}"'

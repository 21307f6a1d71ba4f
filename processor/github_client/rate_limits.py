"""Remember what GitHub said of our rate limits, and refuse locally while it wants us to wait."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from processor.errors import GitHubRateLimited
from processor.github_client.pygithub import Requester
from processor.github_client.server_clock import server_time
from processor.github_client.values import Answer, RateLimit

_SECONDARY_WAIT_SECONDS = 60.0
_LONGEST_SECONDARY_WAIT_SECONDS = 960.0


class RateLimits:
    """What is known of the limits, for all threads of one client; `clock` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, RateLimit] = {}
        self._limited_until = 0.0
        self._refusals = 0

    def check(self) -> None:
        """Refuse while GitHub wants us to wait.

        Raises:
            GitHubRateLimited: the time to ask again has not come.
        """
        until = self.limited_until
        if until is not None:
            raise rate_limited(until, "nothing was sent")

    @property
    def limited_until(self) -> datetime | None:
        """When requests may be sent again; None when they may be sent now."""
        with self._lock:
            until = self._limited_until
        return datetime.fromtimestamp(until, UTC) if until > self._clock() else None

    def seen(self) -> tuple[RateLimit, ...]:
        """Give the last known state of each resource, by name."""
        with self._lock:
            return tuple(self._seen[name] for name in sorted(self._seen))

    def note(self, answer: Answer) -> RateLimit | None:
        """Remember what the headers of an answer say."""
        limit = read_rate_limit(answer.headers)
        with self._lock:
            if limit is not None:
                self._seen[limit.resource] = limit
            if answer.status < 400:
                self._refusals = 0
        return limit

    def replace(self, limits: Sequence[RateLimit]) -> None:
        """Take what GitHub says when it is asked for all limits, of those resources alone that were met before."""
        with self._lock:
            for limit in limits:
                if limit.resource in self._seen or limit.resource == "core":
                    self._seen[limit.resource] = limit

    def note_refusal(self, answer: Answer) -> float | None:
        """Close the gate when this answer is a rate limit; give the seconds to wait, None when it is something else."""
        with self._lock:
            wait = limited_for_seconds(answer, self._clock(), self._refusals)
            if wait is not None:
                self._refusals += 1
                self._limited_until = max(self._limited_until, self._clock() + wait)
        return wait


def rate_limited(until: datetime, what: str) -> GitHubRateLimited:
    """Build the error that says until when to wait."""
    moment = until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return GitHubRateLimited(f"GitHub's rate limit is reached and {what}; requests go on at {moment}", until)


def read_rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """Read the rate limit headers; None when they are absent (GitHub Enterprise may have no limits) or no numbers."""
    try:
        return RateLimit(
            resource=headers.get("x-ratelimit-resource", "core"),
            limit=int(headers["x-ratelimit-limit"]),
            remaining=int(headers["x-ratelimit-remaining"]),
            reset_at=datetime.fromtimestamp(int(headers["x-ratelimit-reset"]), UTC),
        )
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def read_every_limit(data: object) -> tuple[RateLimit, ...]:
    """Read the answer to GET /rate_limit; raises KeyError, TypeError or ValueError on nonsense.

    Source: https://docs.github.com/en/rest/rate-limit/rate-limit
    """
    resources: Mapping[str, Mapping[str, int]] = cast("dict[str, Any]", data)["resources"]
    return tuple(
        RateLimit(
            resource=name,
            limit=int(one["limit"]),
            remaining=int(one["remaining"]),
            reset_at=datetime.fromtimestamp(int(one["reset"]), UTC),
        )
        for name, one in resources.items()
    )


def limited_for_seconds(answer: Answer, now: float, earlier_refusals: int) -> float | None:
    """Tell how long a refused request has to wait; None when it was not refused for a rate limit.

    A secondary limit without Retry-After waits a minute, doubled for each one in a row.
    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    if answer.status not in {403, 429}:
        return None
    retry_after = read_retry_after(answer.headers)
    if retry_after is not None:
        return retry_after
    limit = read_rate_limit(answer.headers)
    if limit is not None and limit.remaining == 0:
        # One second more, because GitHub cuts the reset time to whole seconds.
        # The reset is a moment of GitHub's clock; ours may be off by more than the wait.
        sent_at = server_time(answer.headers)
        return max(0.0, limit.reset_at.timestamp() - (now if sent_at is None else sent_at)) + 1
    message = str(answer.data.get("message", "")) if isinstance(answer.data, dict) else ""
    if answer.status == 429 or Requester.isRateLimitError(message):
        return min(_SECONDARY_WAIT_SECONDS * float(2**earlier_refusals), _LONGEST_SECONDARY_WAIT_SECONDS)
    return None


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After in seconds; None when absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    return float(value) if value.isdigit() else None

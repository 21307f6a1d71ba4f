"""Count what each account spends of its rate limit, an hour at a time."""

from dataclasses import dataclass, replace
from math import ceil
from threading import Lock

from processor.forge.http.exchange import Headers
from processor.forge.refusals import Refusal
from processor.forge.times import Clock

WINDOW_SECONDS = 3600
DEFAULT_LIMIT = 5000
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID."
)


@dataclass(frozen=True, slots=True)
class Window:
    """One account's hour: `reset` is in Unix seconds."""

    limit: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        """Return how many requests are left."""
        return max(0, self.limit - self.used)

    def headers(self, resource: str = "core") -> Headers:
        """Return GitHub's rate limit headers."""
        return (
            ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Remaining", str(self.remaining)),
            ("X-RateLimit-Used", str(self.used)),
            ("X-RateLimit-Reset", str(self.reset)),
            ("X-RateLimit-Resource", resource),
        )

    def body(self) -> dict[str, int]:
        """Return the JSON that /rate_limit shows."""
        return {"limit": self.limit, "used": self.used, "remaining": self.remaining, "reset": self.reset}


class RateLimits:
    """Hold a window per login; an empty login is whoever sends no credentials."""

    def __init__(self, clock: Clock) -> None:
        """Begin with GitHub's 5000 requests an hour for everyone."""
        self._clock = clock
        self._lock = Lock()
        self._limit = DEFAULT_LIMIT
        self._windows: dict[str, Window] = {}

    def set(
        self, limit: int, *, login: str | None = None, used: int = 0, reset_in_seconds: float = WINDOW_SECONDS
    ) -> None:
        """Set the limit of one login, or with None of everyone; `used` counts as spent already."""
        reset = ceil(self._clock().timestamp() + reset_in_seconds)
        with self._lock:
            if login is not None:
                self._windows[login] = Window(limit, used, reset)
                return
            self._limit = limit
            self._windows = {name: Window(limit, used, reset) for name in self._windows}
            if used:
                self._windows.setdefault("", Window(limit, used, reset))

    def window(self, login: str) -> Window:
        """Return the login's present window."""
        now = self._clock().timestamp()
        with self._lock:
            found = self._windows.get(login)
            if found is None or found.reset <= now:
                limit = found.limit if found else self._limit
                found = self._windows[login] = Window(limit, 0, int(now) + WINDOW_SECONDS)
            return found

    def spend(self, login: str) -> Window:
        """Count one request and return the window after it."""
        self.window(login)
        with self._lock:
            self._windows[login] = replace(self._windows[login], used=self._windows[login].used + 1)
            return self._windows[login]

    def check(self, login: str) -> None:
        """Raise the 403 of the primary rate limit when nothing is left."""
        window = self.window(login)
        if window.remaining == 0:
            raise primary_limit(login, window)

    def exhausted(self, login: str, reset_in_seconds: float | None) -> Window:
        """Leave the login nothing until its reset, and return the window."""
        window = self.window(login)
        now = self._clock().timestamp()
        reset = window.reset if reset_in_seconds is None else ceil(now + reset_in_seconds)
        with self._lock:
            spent = self._windows[login] = Window(window.limit, window.limit, reset)
            return spent

    def reset(self) -> None:
        """Forget what was spent and every limit that was set."""
        with self._lock:
            self._limit = DEFAULT_LIMIT
            self._windows.clear()


def primary_limit(login: str, window: Window, status: int = 403) -> Refusal:
    """Return GitHub's answer to an account that has used up its hour."""
    message = f"API rate limit exceeded for user {login or 'without credentials'}."
    return Refusal(status, message, headers=window.headers())


def secondary_limit(retry_after_seconds: int | None, status: int = 403) -> Refusal:
    """Return GitHub's answer to an account that asks too quickly."""
    headers = () if retry_after_seconds is None else (("Retry-After", str(retry_after_seconds)),)
    return Refusal(status, SECONDARY, headers=headers)

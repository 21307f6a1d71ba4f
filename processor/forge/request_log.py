"""Remember every request, and count what they cost."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

KEPT = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedRequest:
    """One request; `status` 0 means that the connection was dropped, `endpoint` is the group name."""

    id: int
    at: str
    method: str
    path: str
    query: str
    endpoint: str
    status: int
    login: str
    is_write: bool
    is_rate_limit_spent: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts since the start or the last reset."""

    requests: int
    writes: int
    rate_limit_spent: int
    not_modified: int
    pushes: int


class RequestLog:
    """Hold the newest requests and the counts of all."""

    def __init__(self) -> None:
        """Begin empty."""
        self._changed = Condition()
        self._entries: deque[LoggedRequest] = deque(maxlen=KEPT)
        self._last_id = 0
        self._stats = Stats(0, 0, 0, 0, 0)

    def add(self, make: Callable[[int], LoggedRequest]) -> None:
        """Append the entry that `make` builds for its number."""
        with self._changed:
            self._last_id += 1
            entry = make(self._last_id)
            self._entries.append(entry)
            old = self._stats
            self._stats = Stats(
                old.requests + 1,
                old.writes + entry.is_write,
                old.rate_limit_spent + entry.is_rate_limit_spent,
                old.not_modified + (entry.status == 304),
                old.pushes + (entry.endpoint == "git_push_pack"),
            )
            self._changed.notify_all()

    def entries(self, *, endpoint: str | None = None, since_id: int = 0) -> list[LoggedRequest]:
        """Return the requests after `since_id`, of one endpoint group if named, oldest first."""
        with self._changed:
            found = list(self._entries)
        return [entry for entry in found if entry.id > since_id and endpoint in {None, entry.endpoint}]

    def stats(self) -> Stats:
        """Return the counts."""
        with self._changed:
            return self._stats

    def wait_for(self, is_reached: Callable[[list[LoggedRequest]], bool], timeout_seconds: float = 60) -> bool:
        """Wait until the log satisfies `is_reached`; tell whether it did in time."""
        with self._changed:
            return self._changed.wait_for(lambda: is_reached(list(self._entries)), timeout_seconds)

    def reset(self) -> None:
        """Forget every request and count from zero."""
        with self._changed:
            self._entries.clear()
            self._stats = Stats(0, 0, 0, 0, 0)

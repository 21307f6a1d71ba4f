"""Compare this machine's clock with that of GitHub, which is in the head of every answer."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime


class ServerClock:
    """How far our clock is from GitHub's, as its last answer tells; `clock` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.ahead_seconds: float | None = None
        """Ours minus theirs, to a second or two; negative when ours is late, None before the first answer."""

    def note(self, headers: Mapping[str, str]) -> None:
        """Look at the head of an answer that has just come."""
        moment = server_time(headers)
        if moment is not None:
            self.ahead_seconds = self._clock() - moment


def server_time(headers: Mapping[str, str]) -> float | None:
    """Give the time at which an answer was sent, in Unix seconds; None when its head does not say."""
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None

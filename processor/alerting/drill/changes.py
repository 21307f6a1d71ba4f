"""What a scripted series does over time: stays, jumps, grows, or keeps its distance from now. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plus:
    """So much more than it was."""

    amount: float


@dataclass(frozen=True)
class Growing:
    """More from second to second."""

    per_second: float


@dataclass(frozen=True)
class Ago:
    """A Unix time so many seconds before now, whenever now is; negative for one to come."""

    seconds: float


@dataclass(frozen=True)
class Held:
    """Stays as it is at this moment."""


@dataclass(frozen=True)
class Gone:
    """Is not exposed any more."""


#: A bare number is the value from now on.
Change = float | Plus | Growing | Ago | Held | Gone


@dataclass(frozen=True)
class Line:
    """A value over time: `start` at the Unix time `since`, then changing evenly."""

    start: float = 0.0
    per_second: float = 0.0
    since: float = 0.0

    def at(self, now: float) -> float:
        """Give the value at a Unix time."""
        return self.start + self.per_second * (now - self.since) if self.per_second else self.start

    def changed(self, change: Change, now: float) -> "Line":
        """Give what it does after a change at `now`."""
        match change:
            case Plus(amount):
                return Line(self.at(now) + amount)
            case Growing(per_second):
                return Line(self.at(now), per_second, now)
            case Ago(seconds):
                return Line(now - seconds, 1.0, now)
            case Held() | Gone():
                return Line(self.at(now))
            case number:
                return Line(number)

"""Decide at which level of load a host is: hysteresis and a minimum stay keep it from swinging. Pure."""

from dataclasses import dataclass

from processor.settings.sections import Automatic, LevelName, LoadLimits

_ORDER: tuple[LevelName, ...] = ("low", "medium", "high")
_NAMES = {
    "cpu_ratio": "CPU",
    "memory_ratio": "memory",
    "load_per_core": "load per core",
    "disk_ratio": "disk",
}


@dataclass(frozen=True, kw_only=True)
class LoadReading:
    """What a host carries now; None where it could not be read."""

    cpu_ratio: float | None = None
    memory_ratio: float | None = None
    load_per_core: float | None = None
    disk_ratio: float | None = None

    @property
    def is_blind(self) -> bool:
        """Tell whether nothing could be read."""
        return all(value is None for value in self.__dict__.values())


@dataclass(frozen=True)
class LoadState:
    """The level that a host is at, since when (seconds of a steady clock), and what brought it there."""

    level: LevelName
    since: float
    reason: str


def next_state(state: LoadState | None, reading: LoadReading, rules: Automatic, now: float) -> LoadState:
    """Give the state that follows from a reading.

    A host goes up at once to the level whose limit a reading reaches, and down when every reading is below the limits
    by the hysteresis; between two changes at least the minimum stay passes. Without any reading it stays where it is.

    Args:
        state: None at the start; the first reading decides alone then.
        now: of the same clock as `since`; one that went back begins the stay anew.
    """
    if state is None:
        level, reason = _reached(reading, rules, 1.0)
        return LoadState(level, now, "the load could not be read" if reading.is_blind else reason)
    if now < state.since:
        return LoadState(state.level, now, state.reason)
    if reading.is_blind or now - state.since < rules.minimum_stay_seconds:
        return state
    up, why_up = _reached(reading, rules, 1.0)
    down, why_down = _reached(reading, rules, 1.0 - rules.hysteresis_ratio)
    if _ORDER.index(up) > _ORDER.index(state.level):
        return LoadState(up, now, why_up)
    if _ORDER.index(down) < _ORDER.index(state.level):
        return LoadState(down, now, why_down)
    return state


def _reached(reading: LoadReading, rules: Automatic, share: float) -> tuple[LevelName, str]:
    """Give the highest level of which a reading reaches this share of its limit, and which reading that is."""
    high, medium = _first(reading, rules.high, share), _first(reading, rules.medium, share)
    if high is not None:
        return "high", high
    return ("medium", medium) if medium is not None else ("low", "every reading is below the limits of medium")


def _first(reading: LoadReading, limits: LoadLimits, share: float) -> str | None:
    for key, name in _NAMES.items():
        value, limit = getattr(reading, key), getattr(limits, key)
        if value is not None and value >= limit * share:
            return f"{name} {value:.2f} (limit {limit:g})"
    return None

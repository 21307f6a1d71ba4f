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
    """The level that a host is at, since when (seconds of a steady clock), and what keeps it there now."""

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
    if reading.is_blind:
        return state
    level, reason = _wanted(state.level, reading, rules)
    if level == state.level:
        return LoadState(level, state.since, reason)
    if now - state.since < rules.minimum_stay_seconds:
        waits = f"stays for {rules.minimum_stay_seconds:g} s, then {level}: {reason}"
        return LoadState(state.level, state.since, waits)
    return LoadState(level, now, reason)


def _wanted(level: LevelName, reading: LoadReading, rules: Automatic) -> tuple[LevelName, str]:
    """Give the level that a host at this one should be at by its reading alone, and the reading that says so."""
    share = 1.0 - rules.hysteresis_ratio
    up, why_up = _reached(reading, rules, 1.0)
    if _ORDER.index(up) >= _ORDER.index(level):
        return up, why_up
    kept = _first(reading, rules.medium if level == "medium" else rules.high, share)
    return (level, kept) if kept is not None else _reached(reading, rules, share)


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
            left = "" if value >= limit else f", left below {limit * share:.2f}"
            return f"{name} {value:.2f} (limit {limit:g}{left})"
    return None

"""What one piece of upkeep did, with readings before and after."""

from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What is kept up."""

    MEMORY = "memory"
    DISK = "disk"
    NETWORK = "network"
    DATABASE = "database"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One measured number. `after` is None when nothing was done, as in a dry run; `unit` may be empty for a count."""

    name: str
    unit: str
    before: float
    after: float | None = None


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    """What was done, or would be in a dry run, in sentences; and the readings."""

    subject: Subject
    is_dry_run: bool
    did: tuple[str, ...]
    readings: tuple[Reading, ...]


def counted(number: int, noun: str, done: str, *, is_dry_run: bool) -> tuple[str, ...]:
    """Give `2 old logs compressed`, or in a dry run what would be; nothing for none."""
    if number == 0:
        return ()
    return (f"{number} {noun}{'' if number == 1 else 's'} {'would be ' if is_dry_run else ''}{done}",)

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

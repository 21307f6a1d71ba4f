"""A run: the phases of an attempt, where it stands and how it ended."""

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """How a run ended; counted once."""

    SUCCESS = "success"  #: the pull request is open and verified on GitHub
    REJECTED = "rejected"  #: the gate said no
    ERROR = "error"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


#: Outcomes that say that something does not work; a rejection says that the gate does.
FAILED_OUTCOMES: Final = (Outcome.ERROR, Outcome.TIMEOUT)
#: Outcomes that count as processed; a cancelled run is none of them.
PROCESSED_OUTCOMES: Final = (Outcome.SUCCESS, Outcome.REJECTED, *FAILED_OUTCOMES)


class Phase(StrEnum):
    """The four parts of an attempt, in order."""

    PREPARE = "prepare"
    AGENT = "agent"
    GATE = "gate"
    PUBLISH = "publish"


class RunState(StrEnum):
    """Where a run stands; `queued` is the backlog."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"


class Band(StrEnum):
    """How long the work on a run took, as the handbook sorts it; see FAST_BELOW_SECONDS and SLOW_ABOVE_SECONDS."""

    FAST = "fast"
    MEDIUM = "medium"
    SLOW = "slow"


#: Less is fast.
FAST_BELOW_SECONDS = 60.0
#: More is slow.
SLOW_ABOVE_SECONDS = 300.0

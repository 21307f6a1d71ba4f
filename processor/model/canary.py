"""How a round of the canary ended."""

from enum import StrEnum


class CanaryResult(StrEnum):
    """How a round ended; counted once."""

    SUCCESS = "success"  #: the pull request was there, as it should be
    FAILED = "failed"  #: a step went wrong
    TIMEOUT = "timeout"  #: it was not through within the time limit
    HELD = "held"  #: no verdict: paused, a dry run, a cancel by an operator, or another sandbox


#: What says that something does not work.
CANARY_FAILURES = (CanaryResult.FAILED, CanaryResult.TIMEOUT)

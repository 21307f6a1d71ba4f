"""Decide whether a failed phase is tried again, and when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from processor.errors import ErrorType
from processor.settings.sections import Retry

#: Errors that another try cannot mend, whatever the settings say.
_FINAL = frozenset({ErrorType.RUN_DEADLINE})


@dataclass(frozen=True)
class RetryDecision:
    """Try again after so many seconds."""

    delay_seconds: float


def decide_retry(
    error_type: ErrorType,
    tries: int,
    retries: Mapping[ErrorType, Retry],
    *,
    seconds_left: float,
    is_final: bool = False,
    wait_at_least_seconds: float = 0.0,
) -> RetryDecision | None:
    """Decide on the next try; None means that this was the last.

    Args:
        tries: how often this kind of error has happened in this run, this time included.
        is_final: another try cannot mend this one, whatever is set for its kind.
        seconds_left: until the run's deadline; a wait that reaches it is no use.
        wait_at_least_seconds: what GitHub asked for.
    """
    policy = retries.get(error_type, Retry())
    if is_final or error_type in _FINAL or tries >= policy.attempts:
        return None
    delay = min(policy.first_delay_seconds * policy.factor ** (tries - 1), policy.longest_delay_seconds)
    delay = max(delay, wait_at_least_seconds)
    return RetryDecision(delay) if delay < seconds_left else None

"""Decide whether a failed read is tried again, and how long to wait first. Writes never come here.

Why there is no retry class of urllib3 here is told in docs/decisions/0006-one-loop-repeats-reads.md.
"""

from processor.github_client.values import Failure

_FIRST_WAIT_SECONDS = 0.5


def wait_before_retry(failure: Failure, *, attempt: int, attempts: int, budget_seconds: float) -> float | None:
    """Give the seconds to wait before the next try; None means that the caller gets the error now.

    Args:
        attempt: 1 for the first try.
        attempts: how many tries there may be altogether.
        budget_seconds: how long this request may still wait; a longer wait that GitHub asks for ends the tries.
    """
    if not failure.is_passing or attempt >= attempts:
        return None
    if failure.wait_seconds is not None:
        return failure.wait_seconds if failure.wait_seconds <= budget_seconds else None
    return min(_FIRST_WAIT_SECONDS * float(2 ** (attempt - 1)), max(0.0, budget_seconds))

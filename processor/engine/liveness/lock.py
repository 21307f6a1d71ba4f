"""What a lock that proves life must do, whatever it is made of."""

import time
from collections.abc import Callable
from typing import Protocol

from processor.errors import UsageError

#: One that takes over holds the dead's lock for a moment, and a restart must not be refused because of it.
_TAKE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.2


class Liveness(Protocol):
    """The lock of this service, and a way to try those of others."""

    def take(self, instance: str) -> None:
        """Hold the lock for as long as this process lives; raises UsageError when another holds it."""

    def is_held(self) -> bool:
        """Tell whether the lock is still ours; one that is lost means that others take over."""

    def retake(self) -> bool:
        """Try once to get a lost lock back; somebody else may have had it meanwhile."""

    def if_dead(self, instance: str, act: Callable[[], None]) -> bool:
        """Do something while holding a dead service's lock; False when it lives."""

    def find_others(self) -> tuple[str, ...]:
        """Name the services that hold locks now, other than ours, as far as it can be told."""

    def release(self) -> None:
        """Let go."""


def take_in_time(attempt: Callable[[], bool]) -> bool:
    """Try to take a lock, for as long as a take-over may hold it."""
    deadline = time.monotonic() + _TAKE_SECONDS
    while not attempt():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_AGAIN_SECONDS)
    return True


def taken(instance: str, holder: str) -> UsageError:
    """Say that a name is in use, and by whom."""
    return UsageError(
        f"a service named {instance} runs already ({holder}); stop it, "
        "or give this one a name of its own with AUTO_ISSUE_INSTANCE"
    )

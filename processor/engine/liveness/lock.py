"""What a lock that proves life must do, whatever it is made of."""

import time
from collections.abc import Callable
from typing import Protocol

from processor.errors import BackupError, UsageError

#: The name that a restore takes; the space keeps it from being that of a service.
_RESTORE = "a restore"
#: One that takes over holds the dead's lock for a moment, and a restart must not be refused because of it.
_TAKE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.2


class NameTaken(UsageError):
    """A service of this name lives."""


class Liveness(Protocol):
    """The lock of this service, and a way to try those of others."""

    def take(self, instance: str) -> None:
        """Hold the lock for as long as this process lives; raises NameTaken when another holds it."""

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


def take_place(liveness: Liveness, instance: str) -> None:
    """Hold the lock of a service, unless the ledger is being replaced under it.

    Both sides take their own lock first and look for the other's then, so at least one of them sees the other.

    Raises:
        NameTaken: another service of this name runs.
        BackupError: a backup is being restored.
    """
    liveness.take(instance)
    if not liveness.if_dead(_RESTORE, _nothing):
        liveness.release()
        raise BackupError("a backup is being restored; start the service when `aip backup restore` has ended")


def keep_all_out(liveness: Liveness) -> None:
    """Hold the lock of a restore, which lets no service start until it is released.

    Raises:
        UsageError: a service lives, or another restore is at work.
    """
    try:
        liveness.take(_RESTORE)
    except NameTaken as exc:
        raise UsageError("another `aip backup restore` is at work here; wait until it has ended") from exc
    if others := liveness.find_others():
        liveness.release()
        raise UsageError(f"{', '.join(others)} works on this ledger; stop every service, then restore")


def take_in_time(attempt: Callable[[], bool]) -> bool:
    """Try to take a lock, for as long as a take-over may hold it."""
    deadline = time.monotonic() + _TAKE_SECONDS
    while not attempt():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_AGAIN_SECONDS)
    return True


def taken(instance: str, holder: str) -> NameTaken:
    """Say that a name is in use, and by whom."""
    return NameTaken(
        f"a service named {instance} runs already ({holder}); stop it, "
        "or give this one a name of its own with AUTO_ISSUE_INSTANCE"
    )


def _nothing() -> None:
    pass

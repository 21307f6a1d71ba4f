"""Wait in small steps, so that a stop is noticed while waiting."""

from collections.abc import Callable

_STEP_SECONDS = 0.25


def pause_unless_stopped(sleep: Callable[[float], None], should_stop: Callable[[], bool]) -> Callable[[float], bool]:
    """Give a function that waits some seconds; it is False when it was cut short by a stop."""

    def pause(seconds: float) -> bool:
        left = seconds
        while left > 0 and not should_stop():
            sleep(min(left, _STEP_SECONDS))
            left -= _STEP_SECONDS
        return not should_stop()

    return pause

"""The signals that stop a service: the first has it drain, a second has it leave at once."""

import os
import select
import signal
from types import FrameType


class Word:
    """An event that a signal handler may set: that of `threading` takes a lock, which the waiting thread may hold."""

    def __init__(self) -> None:
        self._is_set = False
        self._reader, self._writer = os.pipe()

    def set(self) -> None:
        """Wake everybody who waits, now and later."""
        if not self._is_set:
            self._is_set = True
            os.write(self._writer, b"!")  # read by nobody, so that it is there for all

    def is_set(self) -> bool:
        """Tell whether it was."""
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Wait so long at most, and tell whether it is set."""
        poller = select.poll()
        poller.register(self._reader, select.POLLIN)
        poller.poll(seconds * 1000)
        return self._is_set


class StopSignals:
    """Both words, to ask or to wait for."""

    def __init__(self) -> None:
        self.stop = Word()
        self.leave_at_once = Word()

    def listen(self) -> None:
        """Take SIGTERM and SIGINT; of the main thread alone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.stop.is_set():
            self.leave_at_once.set()
        self.stop.set()

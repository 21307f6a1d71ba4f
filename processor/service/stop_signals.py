"""The signals that stop a service: the first has it drain, a second has it leave at once."""

import signal
import threading
from types import FrameType


class StopSignals:
    """Both words, as events to ask or to wait for."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.leave_at_once = threading.Event()

    def listen(self) -> None:
        """Take SIGTERM and SIGINT; of the main thread alone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.stop.is_set():
            self.leave_at_once.set()
        self.stop.set()

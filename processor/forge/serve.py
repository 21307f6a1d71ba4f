"""Serve a forge until the process is told to end."""

import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event
from types import FrameType

from processor.forge.forge import Forge


def _nothing(forge: Forge) -> None:
    del forge


def serve(
    root: Path,
    port: int = 0,
    *,
    listen: str = "127.0.0.1",
    host: str = "127.0.0.1",
    on_ready: Callable[[Forge], None] = _nothing,
    on_turn: Callable[[Forge], None] = _nothing,
    turn_seconds: float | None = None,
) -> None:
    """Serve the forge in `root` until SIGTERM or SIGINT; call `on_ready` with it once it answers.

    With `turn_seconds`, `on_turn` is called with it every so often.

    Must run in the main thread, because it takes these two signals and puts back what they did before.
    """
    is_over = Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        is_over.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with Forge(root, port=port, listen=listen, host=host) as forge:
            on_ready(forge)
            while not is_over.wait(turn_seconds):
                on_turn(forge)
    finally:
        for number, action in before.items():
            signal.signal(number, action)

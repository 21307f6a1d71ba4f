"""Where a monitor looks and acts: at the ledger of this installation, or at a service somewhere by its API alone."""

from typing import Protocol

from processor.cli.top.picture import Picture


class Desk(Protocol):
    """What the monitor asks for; each call may take seconds and raises a ProcessorError with a sentence."""

    def look(self) -> Picture:
        """See how things stand."""

    def hold(self, *, is_paused: bool, reason: str) -> str:
        """Pause or go on, and say what was done."""

    def cancel(self, run_id: str, reason: str) -> str:
        """Cancel a run, and say what becomes of it."""

    def retry(self, issue: str, reason: str) -> str:
        """Have an issue processed once more, and name the new run."""

    def set_level(self, level: str, duration: str, reason: str) -> str:
        """Put every host at a level for a while, or `auto`, and say so."""

"""What every kind of database must do for a backup."""

from pathlib import Path
from typing import Protocol

from processor.operations.backup.manifest import Contents


class Databases(Protocol):
    """Ledger and engine of one installation."""

    @property
    def kind(self) -> str:
        """sqlite or postgresql."""

    def copy(self, folder: Path) -> tuple[Contents, tuple[str, ...]]:
        """Write ledger and engine into a folder while services work, and name the files.

        The engine is of the same moment as the ledger or of an earlier one: what it knows, the ledger knows too.

        Raises:
            BackupError: it cannot be done here; the message says what is missing.
        """

    def try_restore(self, folder: Path, scratch: Path) -> Contents:
        """Restore the files of a folder into a place of its own, check the database there, and leave no trace.

        Raises:
            BackupError: it cannot be restored, or is damaged.
        """

    def is_there(self) -> bool:
        """Tell whether there is a ledger that a restore would replace."""

    def restore(self, folder: Path, scratch: Path, label: str, made_at: float) -> str:
        """Put the files of a folder in place, all or nothing, and keep what was there under a name with the label.

        From the moment at which it is there, the ledger knows that GitHub knows more since `made_at`.

        Returns:
            Where the former database is kept; empty when there was none.

        Raises:
            BackupError: it cannot be done; everything is as it was.
        """

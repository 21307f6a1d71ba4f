"""What every built-in check looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from processor.gate.changed_file import ChangedFile, is_judgeable
from processor.model import Change, Issue
from processor.settings.sections import BuiltInChecks

if TYPE_CHECKING:
    from processor.gate.built_in.secret_detectors import FoundSecret


@dataclass(frozen=True)
class Inspection:
    """A change with its files, and the limits it is held against. Nothing in it is changed by a check."""

    issue: Issue
    change: Change
    files: tuple[ChangedFile, ...]
    limits: BuiltInChecks
    protected_paths: tuple[str, ...]
    security_threshold: float
    worktree: Path  #: the changed worktree, before any program ran in it
    scratch: Path  #: an empty folder, removed afterwards

    @cached_property
    def present(self) -> tuple[ChangedFile, ...]:
        """The files that the change leaves with a content."""
        return tuple(file for file in self.files if file.after is not None)

    @cached_property
    def added_secrets(self) -> tuple[tuple[ChangedFile, FoundSecret], ...]:
        """What looks secret in added lines; files that are too large to be looked at are left out."""
        from processor.gate.built_in.secret_detectors import find_secrets  # noqa: PLC0415  # slow to import

        files = [file for file in self.present if is_judgeable(file)]
        return tuple((file, one) for file in files for one in find_secrets(file, file.added))

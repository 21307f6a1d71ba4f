"""Remember what a check said of a base commit, so that many changes of one commit ask it once."""

from dataclasses import dataclass, field
from typing import Protocol

from processor.model import Finding


class BaseFindings(Protocol):
    """A memory keyed by repository, base commit and the check's identity (name, argv, settings, program)."""

    def get(self, repository: str, base_commit: str, check: str) -> tuple[Finding, ...] | None:
        """Read what a check said; None when it was never asked, empty when it had no complaint."""
        ...

    def put(self, repository: str, base_commit: str, check: str, findings: tuple[Finding, ...]) -> None:
        """Keep what a check said; the last word wins."""
        ...


@dataclass
class MemoryBaseFindings:
    """A memory that ends with the process."""

    kept: dict[tuple[str, str, str], tuple[Finding, ...]] = field(default_factory=dict)

    def get(self, repository: str, base_commit: str, check: str) -> tuple[Finding, ...] | None:
        """Read what a check said; None when it was never asked."""
        return self.kept.get((repository, base_commit, check))

    def put(self, repository: str, base_commit: str, check: str, findings: tuple[Finding, ...]) -> None:
        """Keep what a check said."""
        self.kept[repository, base_commit, check] = findings

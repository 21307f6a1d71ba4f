"""What intake works with."""

from collections.abc import Callable
from dataclasses import dataclass, field

from processor.github_client import GitHubClient
from processor.ledger.connection import Ledger
from processor.model import IssueRef
from processor.settings.sections import Settings


@dataclass(frozen=True)
class Poller:
    """The parts that intake is given; `clock` gives Unix seconds.

    `untold` are the skips that GitHub could not take a comment for yet; the next poll tries again.
    """

    settings: Settings
    ledger: Ledger
    github: GitHubClient
    clock: Callable[[], float]
    untold: dict[IssueRef, str] = field(default_factory=dict)

    def is_sandbox(self, repository: str) -> bool:
        """Tell whether the repository is there for the canary alone."""
        sandbox = self.settings.main.sandbox
        return sandbox is not None and sandbox.name.lower() == repository.lower()

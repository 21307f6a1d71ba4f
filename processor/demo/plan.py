"""The values of the play: the issues that are opened, and how each of them must end."""

from dataclasses import dataclass

from processor.errors import ErrorType
from processor.intake.eligibility import SkipReason
from processor.model import Outcome, Priority

#: A harmless recipe that mends what the issue names.
RUFF, CODESPELL = "ruff-fix", "spelling"
#: Scripted agents that behave as no agent should.
BREAK, HANG, FAIL, PRETEND = "agent:break", "agent:hang", "agent:fail", "agent:pretend"
#: Label of an issue → the settings' name of the agent that gets it.
AGENT_BY_LABEL = {
    RUFF: "ruff",
    CODESPELL: "codespell",
    BREAK: "breaks-the-code",
    HANG: "hangs",
    FAIL: "fails",
    PRETEND: "pretends",
}

MAINTAINER = "maintainer"
STRANGER = "passer-by"


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """How an issue must end: with an outcome, or skipped for a reason; `attempts` None means any number."""

    outcome: Outcome | None = None
    error_type: ErrorType | None = None
    attempts: int | None = None
    skip_reason: SkipReason | None = None

    def __str__(self) -> str:
        if self.skip_reason is not None:
            return f"skipped ({self.skip_reason})"
        return f"{self.outcome} ({self.error_type})" if self.error_type else str(self.outcome)


SUCCESS = Expectation(outcome=Outcome.SUCCESS)


@dataclass(frozen=True, kw_only=True)
class PlannedIssue:
    """One issue to open. `proves` says in a sentence what a hostile one shows when it ends so; empty for the others."""

    title: str
    body: str
    priority: Priority
    labels: tuple[str, ...]
    expectation: Expectation = SUCCESS
    author: str = MAINTAINER
    proves: str = ""

    @property
    def all_labels(self) -> tuple[str, ...]:
        """The labels on the forge: the one that asks for us, the priority, the rest."""
        return ("auto-processable", f"priority:{self.priority}", *self.labels)

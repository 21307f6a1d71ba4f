"""What happens in a made-up ledger, as values."""

from dataclasses import dataclass

from processor.errors import ErrorType
from processor.ledger.imports import ImportedRun
from processor.model import Outcome, Phase, Priority, Usage
from tests.agreement.calendar import Look

REPOSITORIES = ("octo/hello", "octo/shop")


@dataclass(frozen=True)
class Attempt:
    """One try: the phases that it reached, in how many seconds together, and what it spent.

    In one that was interrupted a crash cut the last phase short, and it began anew.
    """

    phases: tuple[Phase, ...]
    seconds: float
    spent: Usage | None
    is_interrupted: bool


@dataclass(frozen=True)
class Visit:
    """What people did with a pull request, at a whole second or when it was opened, and how much later we saw it."""

    at: float
    noted_after: float
    found: str  #: `merged`, `closed` or `open`


@dataclass(frozen=True)
class MadeUpRun:
    """One run. Without attempts it never began; `outcome` is None for one that waits or works still.

    One that was cut short, by a deadline or an operator, left its last phase open.

    `clock_ahead` is by how many seconds the host that began it had a clock ahead of that of the host that ended it.
    """

    repository: str
    priority: Priority
    agent: str
    mark: str  #: `real`, `forced`, `dry` or `canary`
    ended_at: float
    waited: float
    attempts: tuple[Attempt, ...]
    clock_ahead: float
    outcome: Outcome | None
    error_type: ErrorType | None
    is_cut_short: bool
    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class Alert:
    """An alert that began to fire, and of which we were told so much later."""

    name: str
    severity: str
    began_at: float
    told_after: float
    lasted: float | None


@dataclass(frozen=True)
class Import:
    """Runs of the original system that were taken over, into the totals or not."""

    at: float
    runs: tuple[ImportedRun, ...]
    is_counted: bool


@dataclass(frozen=True)
class Adoption:
    """A pull request of ours that a restored ledger did not know, and learned of from GitHub later, with its run."""

    at: float
    opened_at: float
    found: str


@dataclass(frozen=True)
class World:
    """All of it, and from where it is looked at."""

    look: Look
    made_at: float
    runs: tuple[MadeUpRun, ...]
    alerts: tuple[Alert, ...] = ()
    imported: Import | None = None
    adopted: tuple[Adoption, ...] = ()

"""Say each phase of a run as it begins, for who waits for its end."""

from dataclasses import dataclass, field

from processor.cli.screen import note
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord


@dataclass
class PhaseTeller:
    """Says what the ledger has of a run since the last look, so that no phase is too short to be told."""

    ledger: Ledger
    _told: set[tuple[int, str]] = field(default_factory=set, init=False)

    def __call__(self, run: RunRecord) -> None:
        """Say the phases that have begun since the last look, each of each attempt once."""
        with self.ledger.read() as db:
            begun = queries.phases_of_run(db, run.run_id)
        for one in begun:
            if (one.attempt, one.phase) not in self._told:
                self._told.add((one.attempt, one.phase))
                note(f"  {one.phase}{f' (attempt {one.attempt})' if one.attempt > 1 else ''}")

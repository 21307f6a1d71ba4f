"""The ledger as one service may write it for one run: only while the run is its own.

A service that was frozen, or cut off from its database, may find that another one has taken its run over. What it still
has in hand then must not get among the other's work: a change would be published under the judgement of another one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from processor.errors import ProcessorError
from processor.ledger import runs
from processor.ledger.connection import Ledger


class RunTakenOver(ProcessorError):
    """Another service has the run now; nothing was written."""


@dataclass(frozen=True)
class RunLedger(Ledger):
    """A ledger whose writes raise RunTakenOver once the run is with another service than `instance`."""

    run_id: str = ""
    instance: str = ""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that holds the write lock, so that nobody takes the run over before it ends."""
        with super().write() as db:
            run = runs.get(db, self.run_id)
            holder = run.executed_by or run.released_by
            if holder != self.instance:
                raise RunTakenOver(f"run {self.run_id} is with {holder} now, and not with {self.instance} any more")
            yield db

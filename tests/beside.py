"""A ledger beside which others act, such as a poll or an operator, exactly before or after a transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from processor.ledger.connection import Ledger

Act = Callable[[], object] | None


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class LedgerWithNeighbours(Ledger):
    """Has something happen before each write takes the lock, as it may while others hold that, and after each read."""

    before_write: Callable[[], object] = _nothing
    after_read: Callable[[], object] = _nothing

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Let the neighbour act, then write."""
        self.before_write()
        with super().write() as db:
            yield db

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read, then let the neighbour act."""
        with super().read() as db:
            yield db
        self.after_read()


def beside(ledger: Ledger, *before_writes: Act, after_reads: Sequence[Act] = ()) -> Ledger:
    """Give a ledger before whose first write the first act happens, before its second the second, and so on.

    Args:
        before_writes: None for a write before which nobody acts.
        after_reads: the same for reads.
    """
    return LedgerWithNeighbours(
        ledger.engine, ledger.patience_seconds, _one_by_one(before_writes), _one_by_one(after_reads)
    )


def _one_by_one(acts: Sequence[Act]) -> Callable[[], None]:
    left = list(acts)

    def act() -> None:
        if left and (following := left.pop(0)) is not None:
            following()

    return act

"""A ledger beside which somebody else acts: another service, a poll, an operator, exactly before this one writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from processor.ledger.connection import Ledger


@dataclass(frozen=True)
class LedgerWithNeighbours(Ledger):
    """Has `before_write` happen each time before it takes the write lock, as it may when others hold that first."""

    before_write: Callable[[], object] = lambda: None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Let the neighbour act, then write."""
        self.before_write()
        with super().write() as db:
            yield db


def beside(ledger: Ledger, *acts: Callable[[], object] | None) -> Ledger:
    """Give a ledger before whose first write the first act happens, before its second the second, and so on.

    Args:
        acts: None for a write before which nobody acts.
    """
    left = list(acts)

    def act() -> None:
        if left and (following := left.pop(0)) is not None:
            following()

    return LedgerWithNeighbours(ledger.engine, ledger.patience_seconds, act)

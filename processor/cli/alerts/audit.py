"""Record what was done in Alertmanager; when the ledger refuses, say that it is done all the same."""

import time

from processor.errors import LedgerError
from processor.ledger import operators
from processor.ledger.connection import Ledger
from processor.ledger.operators import Act


def record_in_audit(ledger: Ledger, word: Act, *, done: str) -> None:
    """Write an act into the audit.

    Args:
        done: what holds already, as the operator has to know it.

    Raises:
        LedgerError: it could not be written; the message begins with `done`.
    """
    try:
        with ledger.write() as db:
            operators.record(db, word, time.time())
    except LedgerError as exc:
        raise type(exc)(f"{done}, but the audit does not say so: {exc}") from exc

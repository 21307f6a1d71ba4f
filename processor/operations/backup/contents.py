"""Read from a ledger what tells it from another one, in the transaction of the caller."""

import hashlib

from sqlalchemy import Connection, text

from processor.operations.backup.manifest import Contents

_TOTALS = text("SELECT family, labels, part, value FROM totals")


def read_contents(db: Connection) -> Contents:
    """Read schema, number of runs, and a digest of every total that the exporter shows."""
    return Contents(
        schema=str(db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()),
        runs=int(db.execute(text("SELECT count(*) FROM runs")).scalar_one()),
        totals_sha256=_digest(db),
    )


def _digest(db: Connection) -> str:
    # Sorted here, because databases order text each in its own way.
    lines = sorted(f"{row.family}\t{row.labels}\t{row.part}\t{row.value!r}" for row in db.execute(_TOTALS))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

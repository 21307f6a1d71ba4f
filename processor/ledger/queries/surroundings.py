"""Read what surrounds the runs: the ledger's birth, GitHub's limits, what operators did."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, text

from processor.ledger import operators
from processor.ledger.schema import audit, facts, rate_limits

_SQLITE_SIZE: Final = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
#: Of the ledger's schema; the engine has others in the same database.
_POSTGRESQL_SIZE: Final = text(
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)


def born_at(db: Connection) -> float:
    """Tell the created time of every counter: when the ledger was made, or its totals were last moved."""
    return float(db.execute(select(facts.c.value).where(facts.c.key == "born_at")).scalar_one())


def made_at(db: Connection) -> float:
    """Tell when the ledger was made, whatever moved its totals since: from then on reports and checklists are due."""
    made = db.execute(select(facts.c.value).where(facts.c.key == "made_at")).scalar()
    return born_at(db) if made is None else float(made)


@dataclass(frozen=True, kw_only=True)
class RateLimitRecord:
    """GitHub's last word on one of its limits."""

    resource: str
    limit: int
    remaining: int
    reset_at: float
    seen_at: float


def github_rate_limits(db: Connection) -> tuple[RateLimitRecord, ...]:
    """Read GitHub's limits as last seen."""
    rows = db.execute(select(rate_limits).order_by(rate_limits.c.resource))
    return tuple(RateLimitRecord(**row._mapping) for row in rows)  # SQLAlchemy's documented name


def size_bytes(db: Connection) -> int:
    """Tell how much room the ledger takes; SQLite's write-ahead log, which is emptied again and again, is left out."""
    wanted = _SQLITE_SIZE if db.dialect.name == "sqlite" else _POSTGRESQL_SIZE
    return int(db.execute(wanted).scalar_one())


@dataclass(frozen=True, kw_only=True)
class AuditRecord:
    """One act of an operator."""

    at: float
    actor: str
    action: str
    target: str
    reason: str


def audit_trail(db: Connection, limit: int = 50) -> tuple[AuditRecord, ...]:
    """Read the last acts, newest first."""
    rows = db.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
    return tuple(
        AuditRecord(at=row.at, actor=row.actor, action=row.action, target=_target(row.target), reason=row.reason)
        for row in rows
    )


def _target(written: str) -> str:
    """Give what an act was of; earlier versions wrote the name of the switch instead."""
    return operators.PROCESSING if written == operators.PAUSED else written

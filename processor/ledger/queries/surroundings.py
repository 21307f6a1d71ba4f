"""Read what surrounds the runs: the ledger's birth, GitHub's limits, what operators did."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from processor.ledger.schema import audit, facts, rate_limits


def born_at(db: Connection) -> float:
    """Tell when the ledger was made: the created time of every counter."""
    return float(db.execute(select(facts.c.value).where(facts.c.key == "born_at")).scalar_one())


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
        AuditRecord(at=row.at, actor=row.actor, action=row.action, target=row.target, reason=row.reason) for row in rows
    )

"""Read what the processor heard of GitHub: rate limits and security alerts."""

from dataclasses import dataclass

from processor.checklists.sources import Sources
from processor.ledger import queries
from processor.ledger.queries import RateLimitRecord, SecurityAlertsRecord

#: A word that is older than so long is no reading any more.
_STALE_SECONDS = 2 * 86_400.0


@dataclass(frozen=True)
class RateLimits:
    """GitHub's limits as last seen, at a moment (of the epoch)."""

    limits: tuple[RateLimitRecord, ...]
    now: float


def read_rate_limits(sources: Sources) -> RateLimits:
    """Read the limits; there are none when GitHub was not asked for days."""
    with sources.db() as db:
        seen = queries.github_rate_limits(db)
    recent = tuple(one for one in seen if sources.now - one.seen_at < _STALE_SECONDS and one.limit > 0)
    return RateLimits(recent, sources.now)


def read_security_alerts(sources: Sources) -> tuple[SecurityAlertsRecord, ...]:
    """Read the security alerts of the repositories that are processed; empty when GitHub was not asked for days."""
    wanted = {one.name.lower() for one in sources.settings.main.repositories}
    with sources.db() as db:
        seen = queries.security_alerts_seen(db)
    return tuple(one for one in seen if one.repository.lower() in wanted and sources.now - one.seen_at < _STALE_SECONDS)

"""Show what the newest checklists found, whether one was left out, and GitHub's open security alerts.

```
aip_checklist_item_status{checklist="daily",item="queue"} 0.0
aip_security_alerts_open{kind="dependabot",severity="high"} 2.0
```
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import Domains, gauge
from processor.ledger.queries import (
    ChecklistStanding,
    SecurityAlertsRecord,
    checklist_standings,
    security_alerts_seen,
    turns_done,
)
from processor.model import Checklist, overdue_seconds

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_checklist_item_status",
        kind=Kind.GAUGE,
        labels=("checklist", "item"),
        help="What an item of the newest list was found to be: 0 ok, 1 attention, 2 failed, 3 unknown",
        example='aip_checklist_item_status{checklist="daily"} == 2',
    ),
    Family(
        name="aip_checklist_last_run_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("checklist",),
        help="When a section of the list was last gone through; absent until one was",
        example='time() - aip_checklist_last_run_timestamp_seconds{checklist="daily"}',
    ),
    Family(
        name="aip_checklist_overdue_seconds",
        kind=Kind.GAUGE,
        labels=("checklist",),
        help="How long the oldest section that is due has waited; 0 when all are done, absent when switched off",
        example="aip_checklist_overdue_seconds > 3600",
    ),
    Family(
        name="aip_checklist_unsigned_failure_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("checklist", "item"),
        help="Since when an item has failed without a signature; absent when it has not",
        example="time() - aip_checklist_unsigned_failure_timestamp_seconds > 86400",
    ),
    Family(
        name="aip_security_alerts_open",
        kind=Kind.GAUGE,
        labels=("kind", "severity"),
        help="Open security alerts of all repositories as GitHub last told; a kind that it tells of nowhere is absent",
        example='sum(aip_security_alerts_open{severity=~"critical|high"})',
    ),
)
STATUS, LAST_RUN, OVERDUE, UNSIGNED, ALERTS = FAMILIES
ALERT_KINDS: Final = ("dependabot", "code_scanning", "secret_scanning")
ALERT_SEVERITIES: Final = ("critical", "high", "medium", "low", "unrated")
_KEPT_SECONDS: Final = 10.0


@dataclass(frozen=True)
class _Found:
    """What was last read."""

    standings: tuple[ChecklistStanding, ...] = ()
    alerts: tuple[SecurityAlertsRecord, ...] = ()
    done: frozenset[tuple[str, str]] = frozenset()


class ChecklistsCollector:
    """Reads them anew every ten seconds at most."""

    name = "checklists"
    summary = "what the newest checklists found, and open security alerts"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        self._clock = surroundings.clock
        self._settings = surroundings.settings.main.checklists
        self._zone = ZoneInfo(surroundings.settings.main.timezone)
        self._read_at = -math.inf
        self._found = _Found()

    def collect(self) -> Iterable[Metric]:
        """Give the five families."""
        made_at = self._ledger.snapshot().made_at
        now = self._clock()
        if made_at is None:
            self._found = _Found()
        elif abs(now - self._read_at) >= _KEPT_SECONDS:
            self._read(now)
        found = self._found
        items = [(one, standing.checklist) for standing in found.standings for one in standing.items]
        yield STATUS.with_values(
            ({"checklist": checklist, "item": one.item}, one.standing.number) for one, checklist in items
        )
        yield LAST_RUN.with_values(({"checklist": one.checklist}, one.last_run_at) for one in found.standings)
        yield self._overdue(made_at, now)
        yield UNSIGNED.with_values(
            ({"checklist": one.checklist, "item": item}, since)
            for one in found.standings
            for item, since in one.unsigned_since.items()
        )
        yield _alerts(found.alerts)

    def _read(self, now: float) -> None:
        dates = {turn.date.isoformat() for turn in self._settings.newest_turns(self._zone, now)}
        with self._ledger.connection() as db:
            self._found = _Found(checklist_standings(db), security_alerts_seen(db), turns_done(db, dates))
        self._read_at = now

    def _overdue(self, made_at: float | None, now: float) -> Metric:
        if made_at is None or not self._settings.enabled:
            return OVERDUE.with_values(())
        done = [(section, date.fromisoformat(day)) for section, day in self._found.done]
        turns = self._settings.newest_turns(self._zone, now)
        return OVERDUE.with_values(
            (
                {"checklist": str(checklist)},
                overdue_seconds((one for one in turns if one.checklist is checklist), done, made_at, now),
            )
            for checklist in (Checklist.DAILY, Checklist.WEEKLY)
        )


def _alerts(found: tuple[SecurityAlertsRecord, ...]) -> Metric:
    kinds = tuple(kind for kind in ALERT_KINDS if any(one.kind == kind and one.counts is not None for one in found))
    counts: Counter[tuple[str, ...]] = Counter()
    for one in found:
        counts.update({(one.kind, severity): number for severity, number in (one.counts or {}).items()})
    return gauge(ALERTS, counts, Domains({"kind": kinds, "severity": ALERT_SEVERITIES}))

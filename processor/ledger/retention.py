"""Forget what only takes room: large values of old runs, old incidents, old findings. No total and no run goes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select, update

from processor.ledger.schema import alert_incidents, base_findings, runs
from processor.model import RunState
from processor.settings.sections import UpkeepRules

_DAY_SECONDS = 86_400.0
_LARGE = (runs.c.patch, runs.c.gate_report, runs.c.agent_summary)


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How many rows it concerns."""

    runs: int
    incidents: int
    findings: int


def count_forgettable(db: Connection, rules: UpkeepRules, now: float) -> Forgotten:
    """Count what `forget` would forget."""
    return Forgotten(
        runs=_count(db, runs, _old_runs(rules, now)),
        incidents=_count(db, alert_incidents, _old_incidents(rules, now)),
        findings=_count(db, base_findings, _old_findings(rules, now)),
    )


def forget(db: Connection, rules: UpkeepRules, now: float) -> Forgotten:
    """Empty the large values of old runs, and delete old incidents that ended and old findings."""
    emptied = update(runs).where(_old_runs(rules, now)).values({column.name: None for column in _LARGE})
    return Forgotten(
        runs=db.execute(emptied).rowcount,
        incidents=db.execute(delete(alert_incidents).where(_old_incidents(rules, now))).rowcount,
        findings=db.execute(delete(base_findings).where(_old_findings(rules, now))).rowcount,
    )


def _old_runs(rules: UpkeepRules, now: float) -> ColumnElement[bool]:
    is_large = or_(*(column.is_not(None) for column in _LARGE))
    before = now - rules.keep_large_values_days * _DAY_SECONDS
    return (runs.c.state == RunState.FINISHED) & (runs.c.finished_at < before) & is_large


def _old_incidents(rules: UpkeepRules, now: float) -> ColumnElement[bool]:
    return alert_incidents.c.ends_at < now - rules.keep_incidents_days * _DAY_SECONDS


def _old_findings(rules: UpkeepRules, now: float) -> ColumnElement[bool]:
    return base_findings.c.stored_at < now - rules.keep_findings_days * _DAY_SECONDS


def _count(db: Connection, table: Table, where: ColumnElement[bool]) -> int:
    counted: Any = db.execute(select(func.count()).select_from(table).where(where)).scalar_one()
    return int(counted)

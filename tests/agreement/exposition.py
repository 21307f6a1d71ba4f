"""What the exporter has to show of a ledger at a look, made of plain SQL alone."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection

from processor.model import Outcome
from tests.agreement.calendar import Look
from tests.agreement.plain_sql import FAILED, PlainSums, made_at

#: A sample: its name and its labels in order.
Key = tuple[str, tuple[tuple[str, str], ...]]
Samples = dict[Key, float]
_SEVERITIES = ("critical", "high", "medium", "low")
_MOST_ALERTS = 10


def sample(name: str, **labels: object) -> Key:
    """Name a sample."""
    return name, tuple(sorted((label, str(value)) for label, value in labels.items()))


def closed_periods(db: Connection, look: Look) -> Samples:
    """Say what the families of closed days and weeks are; a count of 0 is left out."""
    found: Samples = {}
    for period, (start, end) in {"day": look.day(), "week": look.week()}.items():
        sums = PlainSums(db, start, end)
        found |= {sample("aip_report_runs", period=period, priority=priority, outcome=outcome): count
                  for (priority, outcome), count in sums.runs("priority", "outcome").items()}  # fmt: skip
        found |= _each("aip_report_errors", "error_type", sums.runs("error_type", condition=FAILED), period=period)
        found |= _each("aip_report_duration_runs", "band", sums.bands(), period=period)
        found |= _each("aip_report_phase_seconds", "phase", sums.phases(), period=period)
        found |= _incidents(period, sums)
        found[sample("aip_report_period_start_timestamp_seconds", period=period)] = sums.start
        if period == "day":
            hours = sums.by_hour(look.zone).items()
            found |= {sample("aip_report_hour_runs", hour=hour, outcome=outcome): n for (hour, outcome), n in hours}
    return {key: value for key, value in found.items() if value} | _trends(db, look)


def _incidents(period: str, sums: PlainSums) -> Samples:
    severities: Counter[str] = Counter()
    for severity, count in sums.incidents("severity").items():
        severities[severity if severity in _SEVERITIES else "other"] += count
    ranked = sorted(sums.incidents("alert").items(), key=lambda one: (-one[1], one[0]))
    alerts = dict(ranked[:_MOST_ALERTS]) | {"other": sum(count for _, count in ranked[_MOST_ALERTS:])}
    by_alert = _each("aip_report_alert_incidents", "alert", alerts, period=period)
    return _each("aip_report_incidents", "severity", severities, period=period) | by_alert


def _trends(db: Connection, look: Look) -> Samples:
    """Say what the trends are, zeros included; nothing of a period that the ledger does not know of."""
    found: Samples = {}
    for period, span, count in (("day", look.day, 8), ("week", look.week, 5)):
        for ago in range(count):
            sums = PlainSums(db, *span(ago))
            outcomes, closed = sums.runs("outcome"), sums.closed()
            labels = {"period": period, "ago": ago}
            total, mean, longest = sums.work()
            if ago and sums.end <= made_at(db) and not outcomes and not any(closed.values()):
                continue
            found |= {sample("aip_report_trend_runs", outcome=outcome, **labels): outcomes.get(outcome, 0)
                      for outcome in Outcome}  # fmt: skip
            found |= _each("aip_report_trend_pull_requests", "result", closed, **labels)
            found[sample("aip_report_trend_work_seconds", **labels)] = total
            found[sample("aip_report_trend_start_timestamp_seconds", **labels)] = sums.start
            named = {
                "aip_report_trend_duration_seconds_max": longest,
                "aip_report_trend_cost_dollars": sums.spent("cost_dollars"),
            }
            found |= {sample(name, **labels): value for name, value in named.items() if value is not None}
            if ago == 0:
                own = {"aip_report_duration_seconds_mean": mean, "aip_report_duration_seconds_max": longest}
                found |= {sample(name, period=period): value for name, value in own.items() if value is not None}
    return found


def _each(name: str, label: str, values: dict[Any, float], **labels: object) -> Samples:
    return {sample(name, **{**labels, label: key}): value for key, value in values.items()}

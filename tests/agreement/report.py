"""What the numbers of a report have to be, made of plain SQL alone."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from processor.model import Outcome, Phase, Priority
from tests.agreement.calendar import Look, begins
from tests.agreement.plain_sql import FAILED, PlainSums, made_at

Document = dict[str, Any]


def numbers(db: Connection, look: Look, kind: str) -> Document:
    """Give every number of the report of the last closed day or week, under the keys of its JSON."""
    days, span, count = (look.days, look.day, 8) if kind == "daily" else (look.mondays, look.week, 5)
    first_day = days(1)[0]
    sums = PlainSums(db, *span())
    told = _shared(sums, look, first_day)
    told["before"] = [
        _column(one, first)
        for ago, first in enumerate(days(count)[1:], 1)
        if (one := PlainSums(db, *span(ago))).end > made_at(db) or one.runs("outcome") or any(one.closed().values())
    ]
    if kind == "daily":
        return told | {"hours": _hours(sums, look)}
    return told | {"days": [_column(_day(db, look, day), day) for day in _week(first_day)]}


def _week(monday: date) -> list[date]:
    return [monday + timedelta(days=place) for place in range(7)]


def _day(db: Connection, look: Look, day: date) -> PlainSums:
    return PlainSums(db, begins(day, look.zone), begins(day + timedelta(days=1), look.zone))


def _shared(sums: PlainSums, look: Look, first_day: date) -> Document:
    return {
        "date": first_day.isoformat(),
        "timezone": look.zone_name,
        "starts_at": datetime.fromtimestamp(sums.start, look.zone).isoformat(),
        "ends_at": datetime.fromtimestamp(sums.end, look.zone).isoformat(),
        "summary": _summary(sums),
        "issues_breakdown": _breakdown(sums),
        "performance": _performance(sums),
        "errors": sums.runs("error_type", condition=FAILED),
        "pull_requests": {"opened": sums.opened(), **sums.closed()},
        "cost": _cost(sums),
        "incidents": _incidents(sums),
    }


def _summary(sums: PlainSums) -> Document:
    outcomes, (_, mean, _) = sums.runs("outcome"), sums.work()
    processed = _processed(outcomes)
    return {
        "total_issues_processed": processed, "success_rate": _percent(outcomes), "errors_count": _failed(outcomes),
        "avg_processing_time": _rounded(mean), "remark": None if processed else "no data",
    }  # fmt: skip


def _breakdown(sums: PlainSums) -> Document:
    def by(column: str, value: str) -> dict[str, int]:
        return _every(Outcome, sums.runs("outcome", condition=f"{column} = '{value}'"))

    return {
        "by_outcome": _every(Outcome, sums.runs("outcome")),
        "by_priority": {priority: by("priority", priority) for priority in Priority},
        "by_repository": {repository: by("repository", repository) for repository in sums.runs("repository")},
    }


def _performance(sums: PlainSums) -> Document:
    total, mean, longest = sums.work()
    return {
        "avg_time": _rounded(mean), "longest_time": _rounded(longest), "total_time": _rounded(total),
        "distribution": sums.bands(),
        "phases": {phase: _rounded(sums.phases().get(phase, 0.0)) for phase in Phase},
        "longest": [(run_id, _rounded(seconds)) for run_id, seconds in sums.longest()],
    }  # fmt: skip


def _cost(sums: PlainSums) -> Document:
    dollars = sums.spent("cost_dollars")
    return {
        "dollars": _rounded(dollars, 4),
        "dollars_per_success": _each(dollars, sums.runs("outcome").get("success", 0)),
        "dollars_per_merge": _each(dollars, sums.closed()["merged"]),
        "tokens_read": sums.tokens_read(),
        "tokens_written": sums.spent("output_tokens"),
    }


def _incidents(sums: PlainSums) -> Document:
    by_alert, by_severity = sums.incidents("alert"), sums.incidents("severity")
    return {
        "total": sum(by_alert.values()),
        "by_alert": by_alert,
        "by_severity": {severity or "none": count for severity, count in by_severity.items()},
    }


def _column(sums: PlainSums, first_day: date) -> Document:
    outcomes, (_, mean, _), closed = sums.runs("outcome"), sums.work(), sums.closed()
    return {
        "date": first_day.isoformat(), "outcomes": _every(Outcome, outcomes),
        "total_issues_processed": _processed(outcomes), "success_rate": _percent(outcomes),
        "avg_processing_time": _rounded(mean), "errors_count": _failed(outcomes), **closed,
        "dollars": _rounded(sums.spent("cost_dollars"), 4),
    }  # fmt: skip


def _hours(sums: PlainSums, look: Look) -> list[Document]:
    """Give each hour that the clocks of the day show."""
    seconds = range(int(sums.start), int(sums.end), 900)
    shown = sorted({datetime.fromtimestamp(second, look.zone).hour for second in seconds})
    counts = sums.by_hour(look.zone)
    return [
        {"hour": hour, "outcomes": {outcome: counts.get((str(hour), outcome), 0) for outcome in Outcome}}
        for hour in shown
    ]


def _every(names: type[Outcome], counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in names}


def _processed(outcomes: Mapping[str, int]) -> int:
    return sum(count for outcome, count in outcomes.items() if outcome != "cancelled")


def _failed(outcomes: Mapping[str, int]) -> int:
    return outcomes.get("error", 0) + outcomes.get("timeout", 0)


def _percent(outcomes: Mapping[str, int]) -> float | None:
    processed = _processed(outcomes)
    return round(100 * outcomes.get("success", 0) / processed, 2) if processed else None


def _rounded(value: float | None, places: int = 2) -> float | None:
    return None if value is None else round(value, places)


def _each(dollars: float | None, number: int) -> float | None:
    return round(dollars / number, 4) if dollars is not None and number else None

"""Decide what a report recommends: each rule looks at the report and gives the numbers that are its reason. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from processor.model import Outcome
from processor.reports.document import AnyReport, WeeklyReport
from processor.reports.document_parts import Column
from processor.settings.sections import ReportThresholds

Numbers = Mapping[str, float | int | str]
Look = Callable[[AnyReport, ReportThresholds], Iterator[Numbers]]
#: Fewer runs or errors than these say nothing about a change or a kind.
_ENOUGH_RUNS, _ENOUGH_ERRORS = 5, 3
_DAYS = {"daily": 1, "weekly": 7}


@dataclass(frozen=True)
class Rule:
    """A rule by the name under which its words are kept; `type` is one of the handbook's three."""

    name: str
    type: Literal["alert", "optimization", "maintenance"]
    look: Look


@dataclass(frozen=True)
class Finding:
    """A rule that applies, and why."""

    rule: Rule
    numbers: Numbers


def findings(report: AnyReport, limits: ReportThresholds) -> tuple[Finding, ...]:
    """List the rules that apply, in the order of their weight."""
    return tuple(Finding(rule, numbers) for rule in RULES for numbers in rule.look(report, limits))


def _success_rate(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    rate, limit = report.summary.success_rate, 100 * limits.success_ratio
    if rate is not None and rate < limit:
        yield {"success_rate": rate, "limit": limit, "processed": report.summary.total_issues_processed}


def _mean_time(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    mean = report.summary.avg_processing_time
    if mean is not None and mean > limits.mean_seconds:
        yield {"mean": mean, "limit": limits.mean_seconds, "longest": report.performance.longest_time or mean}


def _errors(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    errors, limit = report.summary.errors_count, limits.errors_per_day * _DAYS[report.kind]
    if errors > limit:
        yield {"errors": errors, "limit": limit, "processed": report.summary.total_issues_processed}


def _one_error(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    total = sum(report.errors.values())
    for kind, count in list(report.errors.items())[:1]:
        if total >= _ENOUGH_ERRORS and count / total >= limits.one_error_ratio:
            yield {"error_type": kind, "count": count, "errors": total, "share": round(100 * count / total, 1)}


def _rejected(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    rejected = report.issues_breakdown.by_outcome.get(Outcome.REJECTED, 0)
    processed = report.summary.total_issues_processed
    if processed >= _ENOUGH_RUNS and rejected / processed > limits.rejected_ratio:
        limit = 100 * limits.rejected_ratio
        yield {"rejected": rejected, "processed": processed, "share": round(100 * rejected / processed, 1),
               "limit": limit}  # fmt: skip


def _success_falls(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    rate, earlier = report.summary.success_rate, _success_of(report.before)
    if not isinstance(report, WeeklyReport) or rate is None or earlier is None:
        return
    if report.summary.total_issues_processed >= _ENOUGH_RUNS and earlier - rate >= 100 * limits.success_drop_ratio:
        yield {"success_rate": rate, "before": earlier, "points": round(earlier - rate, 1),
               "limit": 100 * limits.success_drop_ratio}  # fmt: skip


def _slower(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    mean, earlier = report.summary.avg_processing_time, _mean_of(report.before)
    if not isinstance(report, WeeklyReport) or mean is None or not earlier:
        return
    if report.summary.total_issues_processed >= _ENOUGH_RUNS and mean / earlier - 1 >= limits.slower_ratio:
        yield {"mean": mean, "before": earlier, "rise": _rise(mean, earlier), "limit": 100 * limits.slower_ratio}


def _dearer(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    price, earlier = report.cost.dollars_per_success, _price_of(report.before)
    if not isinstance(report, WeeklyReport) or not price or not earlier:
        return
    if report.summary.total_issues_processed >= _ENOUGH_RUNS and price / earlier - 1 >= limits.dearer_ratio:
        yield {"dollars": price, "before": earlier, "rise": _rise(price, earlier), "limit": 100 * limits.dearer_ratio}


def _bottleneck(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    found = report.bottleneck if isinstance(report, WeeklyReport) else None
    if found is not None and found.share >= 100 * limits.bottleneck_ratio:
        yield {"phase": str(found.phase), "share": found.share, "seconds": found.seconds,
               "limit": 100 * limits.bottleneck_ratio}  # fmt: skip


def _of_hosts(key: str, ratio: str) -> Look:
    def look(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
        limit = 100 * float(getattr(limits, ratio))
        for host in report.resources if isinstance(report, WeeklyReport) else ():
            value = getattr(host, key)
            if value is not None and value > limit:
                yield {"host": host.host, "value": value, "limit": limit}

    return look


def _reviews(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    plan = report.next_week if isinstance(report, WeeklyReport) else None
    if plan is not None and plan.open_pull_requests > limits.open_pull_requests:
        yield {"open": plan.open_pull_requests, "limit": limits.open_pull_requests}


def _given_up(report: AnyReport, _limits: ReportThresholds) -> Iterator[Numbers]:
    plan = report.next_week if isinstance(report, WeeklyReport) else None
    if plan is not None and plan.dead_letters:
        yield {"count": len(plan.dead_letters), "first": plan.dead_letters[0]}


def _short_of_capacity(report: AnyReport, _limits: ReportThresholds) -> Iterator[Numbers]:
    plan = report.next_week if isinstance(report, WeeklyReport) else None
    if plan is None or plan.runs_possible is None:
        return
    waiting = sum(plan.waiting.values())
    if waiting > plan.runs_possible:
        yield {"waiting": waiting, "possible": plan.runs_possible, "parallel": plan.parallel}


def _one_alert(report: AnyReport, limits: ReportThresholds) -> Iterator[Numbers]:
    for alert, count in report.incidents.by_alert.items() if isinstance(report, WeeklyReport) else ():
        if count >= limits.incidents_of_one_alert:
            yield {"alert": alert, "count": count, "limit": limits.incidents_of_one_alert}


def _success_of(columns: tuple[Column, ...]) -> float | None:
    processed = sum(one.total_issues_processed for one in columns)
    succeeded = sum(one.outcomes.get(Outcome.SUCCESS, 0) for one in columns)
    return round(100 * succeeded / processed, 2) if processed >= _ENOUGH_RUNS else None


def _mean_of(columns: tuple[Column, ...]) -> float | None:
    processed = sum(one.total_issues_processed for one in columns)
    seconds = sum((one.avg_processing_time or 0.0) * one.total_issues_processed for one in columns)
    return round(seconds / processed, 2) if processed >= _ENOUGH_RUNS else None


def _price_of(columns: tuple[Column, ...]) -> float | None:
    known = [one for one in columns if one.dollars is not None]
    succeeded = sum(one.outcomes.get(Outcome.SUCCESS, 0) for one in known)
    return sum(one.dollars or 0.0 for one in known) / succeeded if succeeded else None


def _rise(value: float, earlier: float) -> float:
    return round(100 * (value / earlier - 1), 1)


RULES = (
    Rule("success_rate", "alert", _success_rate),
    Rule("mean_time", "optimization", _mean_time),
    Rule("errors", "maintenance", _errors),
    Rule("one_error", "maintenance", _one_error),
    Rule("rejected", "alert", _rejected),
    Rule("success_falls", "alert", _success_falls),
    Rule("slower", "optimization", _slower),
    Rule("dearer", "optimization", _dearer),
    Rule("bottleneck", "optimization", _bottleneck),
    Rule("cpu", "optimization", _of_hosts("cpu_percent_mean", "cpu_ratio")),
    Rule("memory", "optimization", _of_hosts("memory_percent_mean", "memory_ratio")),
    Rule("disk", "maintenance", _of_hosts("disk_percent_max", "disk_ratio")),
    Rule("reviews", "maintenance", _reviews),
    Rule("given_up", "maintenance", _given_up),
    Rule("short_of_capacity", "optimization", _short_of_capacity),
    Rule("one_alert", "maintenance", _one_alert),
)

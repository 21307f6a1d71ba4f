"""Judge the items of the weekly list. Pure."""

from collections.abc import Mapping

from processor.checklists.readings.host import LogFiles
from processor.checklists.readings.packages import Outdated
from processor.checklists.readings.upkeep import HostTrend, InForce, WeeklyReport
from processor.checklists.readings.work import Gate, Work, of_outcome
from processor.checklists.verdict import (
    Evidence,
    See,
    Verdict,
    asks_a_person,
    count,
    judged,
    percent,
    seconds,
    text,
    unknown,
)
from processor.ledger.queries import Room, SecurityAlertsRecord
from processor.model import Outcome
from processor.settings.sections import ChecklistLimits, ReportThresholds

#: A small ledger with unused room is nothing to care for.
_SMALL_BYTES = 10_000_000
#: A line more than the limit fits in before a file is rotated.
_ROTATION_SLACK = 1.1


def weekly_report(found: WeeklyReport, _limits: ChecklistLimits) -> Verdict:
    """Was the report of the week before made, and did it arrive?"""
    is_made = found.made_at is not None or bool(found.files)
    evidence = (
        text("week", found.week),
        Evidence(name="report_made_at", value=found.made_at, unit="moment"),
        count("report_files", len(found.files)),
        count("not_delivered", len(found.given_up), 0),
    )
    reason = "" if is_made else f"none was made, and {found.folder} has none; `aip report weekly --output` makes it"
    return judged(*evidence, failed=not is_made, reason=reason, see=[See(text=str(path)) for path in found.files])


def duration_trend(week: Work, thresholds: ReportThresholds) -> Verdict:
    """Do runs take longer than in the four weeks before?"""
    mean, before = week.summary.mean_seconds, week.before.mean_seconds
    if mean is None:
        return judged(count("processed", 0), reason="nothing was processed, so there is no trend")
    limit = None if before is None else round(before * (1 + thresholds.slower_ratio), 1)
    rise = None if not before else mean / before - 1
    return judged(
        seconds("mean_time", mean, limit),
        seconds("mean_time_before", before),
        percent("change", rise),
        seconds("longest_run", week.summary.longest_seconds),
    )


def resource_trend(found: HostTrend, limits: ChecklistLimits) -> Verdict:
    """What did the hosts carry in the week, and is it more than in the four weeks before?"""
    evidence = []
    for host, week in found.week.items():
        before = found.before.get(host)
        evidence += [
            percent("cpu_mean", week.cpu_mean, limits.cpu_ratio, of=host),
            percent("cpu_mean_before", before.cpu_mean if before else None, of=host),
            percent("memory_mean", week.memory_mean, limits.memory_ratio, of=host),
            percent("memory_mean_before", before.memory_mean if before else None, of=host),
            percent("disk_most", week.disk_max, limits.disk_ratio, of=host),
            percent("disk_most_before", before.disk_max if before else None, of=host),
        ]
    return judged(*evidence)


def bottleneck(week: Work, thresholds: ReportThresholds) -> Verdict:
    """Which phase takes most of the time?"""
    phases = week.summary.phase_seconds
    total = sum(phases.values())
    if not total:
        return judged(count("processed", week.processed), reason="no phase took any time")
    slowest = max(phases, key=lambda phase: phases[phase])
    return judged(
        percent("share_of_slowest_phase", phases[slowest] / total, thresholds.bottleneck_ratio, of=slowest),
        *(seconds("phase_time", spent, of=phase) for phase, spent in sorted(phases.items())),
    )


def parallelism(found: tuple[Work, InForce], limits: ChecklistLimits) -> Verdict:
    """Do issues wait because too few run at once?"""
    week, in_force = found
    mean, longest = week.queue_wait
    return judged(
        count("max_parallel", in_force.max_parallel),
        seconds("mean_wait", mean, limits.oldest_issue_seconds),
        seconds("longest_wait", longest),
        count("waiting", sum(one.issues for one in week.waiting)),
        *(count("parallel_now", number, of=f"{host}, {level}") for host, level, number in in_force.hosts),
    )


def gate_criteria(found: tuple[Gate, InForce], limits: ChecklistLimits) -> Verdict:
    """Is the gate too strict, too lax, or relaxed for a while?"""
    gate, in_force = found
    relaxed = [key for key in in_force.overrides if key.startswith("gate.")]
    return judged(
        percent("rejected", gate.rejected / gate.processed if gate.processed else None, limits.rejected_ratio),
        count("mean_score", None if gate.mean_score is None else round(gate.mean_score, 1)),
        count("minimum_score", in_force.minimum_score),
        count("security_threshold", in_force.security_threshold),
        count("changed_for_a_while", len(relaxed), 0),
        see=[See(text=key) for key in relaxed],
    )


def time_limits(found: tuple[Work, InForce], limits: ChecklistLimits) -> Verdict:
    """Do runs come near to their limit, or pass it?"""
    week, in_force = found
    longest = week.summary.longest_seconds
    used = None if longest is None else longest / in_force.timeout_seconds
    return judged(
        seconds("time_limit", in_force.timeout_seconds),
        seconds("longest_run", longest),
        percent("time_limit_used", used, limits.timeout_used_ratio),
        count("timeouts", of_outcome(week.summary, Outcome.TIMEOUT), 0),
    )


def cache(found: InForce, _limits: ChecklistLimits) -> Verdict:
    """Is what checks said of a base commit remembered?"""
    return judged(
        text("use_cache", "true" if found.use_cache else "false"),
        count("remembered_findings", found.remembered_findings),
        attention=not found.use_cache,
        reason="" if found.use_cache else "use_cache is off: every check runs twice for every change",
    )


def log_rotation(found: LogFiles, _limits: ChecklistLimits) -> Verdict:
    """Is the operator's log rotated as the settings say?"""
    if found.current is None:
        reason = "there is no auto_issue_processor.log on this host"
        return judged(failed=True, reason=reason) if found.is_service_alive else unknown(reason)
    largest = max(one.size_bytes for one in (found.current, *found.rotated))
    return judged(
        Evidence(
            name="log_size", value=found.current.size_bytes, unit="bytes", limit=_ROTATION_SLACK * found.most_bytes
        ),
        Evidence(name="largest_log", value=largest, unit="bytes", limit=_ROTATION_SLACK * found.most_bytes),
        count("rotated_logs", len(found.rotated), found.most_rotated),
    )


def dependencies(found: Outdated, _limits: ChecklistLimits) -> Verdict:
    """Which packages of this installation have a newer version?"""
    see = [See(text=f"{name} {ours} → {newest}") for name, ours, newest in found.outdated]
    return judged(count("outdated", len(found.outdated), 0), count("packages", found.installed), see=see)


def security_patches(found: tuple[SecurityAlertsRecord, ...], _limits: ChecklistLimits) -> Verdict:
    """Are patches missing? GitHub knows those of dependencies, a person those of the hosts."""
    ours = [one for one in found if one.kind == "dependabot"]
    by_severity: dict[str, int] = {}
    for one in ours:
        for severity, number in (one.counts or {}).items():
            by_severity[severity] = by_severity.get(severity, 0) + number
    evidence = [
        count("dependabot_alerts", sum(by_severity.values()) if any(one.counts is not None for one in ours) else None),
        *(count("alerts_of_severity", number, of=severity) for severity, number in sorted(by_severity.items())),
    ]
    if by_severity.get("critical", 0) + by_severity.get("high", 0):
        return judged(*evidence, failed=True)
    return asks_a_person(*evidence)


def database(found: Room, limits: ChecklistLimits) -> Verdict:
    """Does the ledger hold much unused room?"""
    is_small = found.size_bytes < _SMALL_BYTES
    vacuumed = (
        [] if found.vacuumed_at is None else [Evidence(name="vacuumed_at", value=found.vacuumed_at, unit="moment")]
    )
    return judged(
        Evidence(name="ledger_size", value=found.size_bytes, unit="bytes"),
        percent("unused", found.free_ratio, None if is_small else limits.database_free_ratio),
        *vacuumed,
    )


def proposals(found: tuple[Work, WeeklyReport], _limits: ChecklistLimits) -> Verdict:
    """What should get better? The weekly report recommends; people decide."""
    week, report = found
    failed = of_outcome(week.summary, Outcome.ERROR, Outcome.TIMEOUT)
    evidence = (
        count("failed_runs", failed),
        *(count("errors_of_type", n, of=kind) for kind, n in _most(week.summary.errors)),
    )
    return asks_a_person(*evidence, see=[See(text=str(path)) for path in report.files])


def incident_review(found: Mapping[tuple[str, str], int], _limits: ChecklistLimits) -> Verdict:
    """What happened, and what is learned from it?"""
    by_alert = {alert: number for (alert, _), number in sorted(found.items())}
    evidence = (
        count("incidents", sum(found.values())),
        *(count("incidents_of_alert", n, of=a) for a, n in by_alert.items()),
    )
    return asks_a_person(*evidence) if found else judged(*evidence)


def next_week_plan(found: Work, _limits: ChecklistLimits) -> Verdict:
    """What is done next week? Only people can say."""
    waiting = sum(one.issues for one in found.waiting)
    return asks_a_person(
        count("waiting", waiting), count("processed", found.processed), seconds("mean_time", found.summary.mean_seconds)
    )


def _most(errors: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(errors.items(), key=lambda one: (-one[1], one[0]))[:5]

"""Judge the weekly list's items of performance. Pure."""

from processor.checklists.readings.upkeep import HostTrend, WeeklyReport
from processor.checklists.readings.work import Work
from processor.checklists.verdict import (
    Evidence,
    See,
    Verdict,
    because,
    count,
    judged,
    percent,
    seconds,
    text,
    unknown,
)
from processor.settings.sections import ChecklistLimits, ReportThresholds


def weekly_report(found: WeeklyReport, _limits: ChecklistLimits) -> Verdict:
    """Was the report of the week before made, and did it arrive?"""
    if found.is_before_the_ledger:
        return judged(text("week", found.week), reasons=[because("before_the_ledger")])
    is_made = found.made_at is not None or bool(found.files)
    evidence = (
        text("week", found.week),
        Evidence(name="report_made_at", value=found.made_at, unit="moment"),
        count("report_files", len(found.files)),
        count("not_delivered", len(found.given_up), 0),
    )
    reasons = [] if is_made else [because("no_weekly_report", folder=found.folder)]
    return judged(*evidence, failed=not is_made, reasons=reasons, see=[See(text=str(path)) for path in found.files])


def duration_trend(week: Work, thresholds: ReportThresholds) -> Verdict:
    """Do runs take longer than in the four weeks before?"""
    mean, before = week.summary.mean_seconds, week.before.mean_seconds
    if mean is None:
        return judged(count("processed", 0), reasons=[because("no_trend")])
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
    if not found.week:
        return unknown(reasons=[because("no_host_readings")])
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
        return judged(count("processed", week.processed), reasons=[because("no_phase_times")])
    slowest = max(phases, key=lambda phase: phases[phase])
    return judged(
        percent("share_of_slowest_phase", phases[slowest] / total, thresholds.bottleneck_ratio, of=slowest),
        *(seconds("phase_time", spent, of=phase) for phase, spent in sorted(phases.items())),
    )

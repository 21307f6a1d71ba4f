"""Judge the daily list's items of processing. Pure."""

from processor.checklists.readings.work import Work, of_outcome
from processor.checklists.verdict import See, Verdict, because, count, judged, percent, seconds
from processor.model import FAILED_OUTCOMES, SLOW_ABOVE_SECONDS, Outcome, Priority
from processor.settings.sections import ChecklistLimits


def processed_count(day: Work, _limits: ChecklistLimits) -> Verdict:
    """How many issues were processed the day before?"""
    waiting = sum(one.issues for one in day.waiting)
    mean = sum(day.before.runs.values()) / 7
    evidence = (count("processed", day.processed), count("mean_of_7_days", round(mean, 1)), count("waiting", waiting))
    is_stuck = day.processed == 0 and waiting > 0
    reasons = [because("nothing_though_issues_wait")] if is_stuck else []
    return judged(*evidence, attention=is_stuck, reasons=reasons)


def success_rate(day: Work, limits: ChecklistLimits) -> Verdict:
    """Did the day before reach the goal?"""
    processed = day.processed
    if not processed:
        return judged(count("processed", 0), reasons=[because("no_rate")])
    ratio = of_outcome(day.summary, Outcome.SUCCESS) / processed
    evidence = (
        percent("success_rate", ratio, limits.success_ratio, least=True),
        count("processed", processed),
        count("failed_runs", of_outcome(day.summary, *FAILED_OUTCOMES)),
        count("rejected_runs", of_outcome(day.summary, Outcome.REJECTED)),
    )
    return judged(*evidence, failed=ratio < limits.failed_success_ratio)


def queue(day: Work, limits: ChecklistLimits) -> Verdict:
    """How much waits, and for how long?"""
    oldest = max((day.now - one.oldest_at for one in day.waiting), default=0.0)
    by_priority = {
        priority: sum(one.issues for one in day.waiting if one.priority == priority) for priority in Priority
    }
    return judged(
        count("waiting", sum(by_priority.values())),
        seconds("oldest_waits", oldest, limits.oldest_issue_seconds),
        *(count("waiting_of_priority", number, of=name) for name, number in by_priority.items() if number),
        failed=oldest > 24 * limits.oldest_issue_seconds,
    )


def long_runs(day: Work, limits: ChecklistLimits) -> Verdict:
    """Did a run take abnormally long the day before?"""
    usual = day.before.mean_seconds if day.before.mean_seconds is not None else day.summary.mean_seconds
    limit = max(float(SLOW_ABOVE_SECONDS), limits.long_run_factor * (usual or 0.0))
    long = [one for one in day.longest if one.seconds > limit]
    cut_short = [one for one in day.longest if one.outcome == Outcome.TIMEOUT and one not in long]
    longest = day.longest[0].seconds if day.longest else None
    see = [
        See(text=f"{one.repository}#{one.issue}: {one.seconds:.0f} s ({one.run_id})", url=one.pull_request_url)
        for one in (*long, *cut_short)
    ]
    return judged(
        seconds("longest_run", longest, limit),
        seconds("mean_of_7_days_seconds", day.before.mean_seconds),
        count("abnormal_runs", len(long), 0),
        count("timeouts", of_outcome(day.summary, Outcome.TIMEOUT), 0),
        see=see,
    )

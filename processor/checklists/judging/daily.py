"""Judge the items of the daily list. Pure."""

from collections.abc import Mapping
from typing import Final

from processor.checklists.readings.host import Load, Storage
from processor.checklists.readings.services import Services
from processor.checklists.readings.told_by_github import RateLimits
from processor.checklists.readings.upkeep import Backups
from processor.checklists.readings.work import Gate, PullRequests, Work, of_outcome
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
from processor.ledger.queries import SecurityAlertsRecord
from processor.model import SLOW_ABOVE_SECONDS, CheckResult, Outcome
from processor.settings.sections import ChecklistLimits

_GRAVE: Final = ("critical", "high")
_MOST_TYPES: Final = 5
_FULL_RATIO: Final = 0.95


def system_status(found: Services, _limits: ChecklistLimits) -> Verdict:
    """Is the system up, does it take issues, does an alert fire?"""
    grave = sum(number for (_, severity), number in found.firing.items() if severity in _GRAVE)
    evidence = [
        count("services_alive", len(found.alive), 1, least=True),
        count("alerts_firing", sum(found.firing.values()), 0),
        count("grave_alerts_firing", grave, 0),
        *(text("state", one.state, of=one.instance) for one in found.alive),
    ]
    reason = "" if found.paused_by is None else f"paused by {found.paused_by}"
    is_held = found.paused_by is not None or any(one.state != "running" for one in found.alive)
    see = [See(text=alert) for alert, _ in sorted(found.firing)]
    return judged(*evidence, failed=not found.alive or grave > 0, attention=is_held, reason=reason, see=see)


def process_alive(found: Services, _limits: ChecklistLimits) -> Verdict:
    """Does each process still say that it lives?"""
    beats = [
        seconds("heartbeat_age", max(0.0, found.now - one.heartbeat_at), 15, of=one.instance) for one in found.expected
    ]
    pids = [text("pid", str(one.pid), of=one.instance) for one in found.expected]
    return judged(
        count("services_alive", len(found.alive), max(1, len(found.expected)), least=True),
        *beats,
        *pids,
        failed=not found.alive,
    )


def resource_use(load: Load, limits: ChecklistLimits) -> Verdict:
    """Are processors, memory and disks within the handbook's limits?"""
    evidence = (
        percent("cpu", load.cpu, limits.cpu_ratio),
        percent("memory", load.memory, limits.memory_ratio),
        percent("disk", load.disk, limits.disk_ratio),
    )
    return judged(*evidence, failed=max(load.memory, load.disk) >= _FULL_RATIO)


def log_errors(errors: Mapping[str, int], limits: ChecklistLimits) -> Verdict:
    """How many errors did the day before bring, and of which type?"""
    total = sum(errors.values())
    most = sorted(errors.items(), key=lambda one: (-one[1], one[0]))[:_MOST_TYPES]
    types = [count("errors_of_type", number, of=kind) for kind, number in most]
    return judged(count("error_lines", total, limits.errors), *types, failed=total > limits.errors, attention=total > 0)


def processed_count(day: Work, _limits: ChecklistLimits) -> Verdict:
    """How many issues were processed the day before?"""
    waiting = sum(one.issues for one in day.waiting)
    mean = sum(day.before.runs.values()) / 7
    evidence = (count("processed", day.processed), count("mean_of_7_days", round(mean, 1)), count("waiting", waiting))
    is_stuck = day.processed == 0 and waiting > 0
    reason = "nothing was processed although issues wait" if is_stuck else ""
    return judged(*evidence, attention=is_stuck, reason=reason)


def success_rate(day: Work, limits: ChecklistLimits) -> Verdict:
    """Did the day before reach the goal?"""
    processed = day.processed
    if not processed:
        return judged(count("processed", 0), reason="nothing was processed, so there is no rate")
    ratio = of_outcome(day.summary, Outcome.SUCCESS) / processed
    evidence = (
        percent("success_rate", ratio, limits.success_ratio, least=True),
        count("processed", processed),
        count("failed_runs", of_outcome(day.summary, Outcome.ERROR, Outcome.TIMEOUT)),
        count("rejected_runs", of_outcome(day.summary, Outcome.REJECTED)),
    )
    return judged(*evidence, failed=ratio < limits.failed_success_ratio)


def queue(day: Work, limits: ChecklistLimits) -> Verdict:
    """How much waits, and for how long?"""
    oldest = max((day.now - one.oldest_at for one in day.waiting), default=0.0)
    by_priority: dict[str, int] = {}
    for one in day.waiting:
        by_priority[one.priority] = by_priority.get(one.priority, 0) + one.issues
    return judged(
        count("waiting", sum(by_priority.values())),
        seconds("oldest_waits", oldest, limits.oldest_issue_seconds),
        *(count("waiting_of_priority", number, of=name) for name, number in sorted(by_priority.items())),
        failed=oldest > 24 * limits.oldest_issue_seconds,
    )


def long_runs(day: Work, limits: ChecklistLimits) -> Verdict:
    """Did a run take abnormally long the day before?"""
    usual = day.before.mean_seconds if day.before.mean_seconds is not None else day.summary.mean_seconds
    limit = max(float(SLOW_ABOVE_SECONDS), limits.long_run_factor * (usual or 0.0))
    long = [one for one in day.longest if one.seconds > limit]
    timeouts = of_outcome(day.summary, Outcome.TIMEOUT)
    longest = day.longest[0].seconds if day.longest else None
    see = [
        See(text=f"{one.repository}#{one.issue}: {one.seconds:.0f} s ({one.run_id})", url=one.pull_request_url)
        for one in long
    ]
    return judged(
        seconds("longest_run", longest, limit),
        seconds("mean_of_7_days_seconds", usual),
        count("abnormal_runs", len(long), 0),
        count("timeouts", timeouts, 0),
        see=see,
    )


def api_usage(found: RateLimits, limits: ChecklistLimits) -> Verdict:
    """Is enough of GitHub's rate limit left?"""
    left = [
        percent(
            "api_left",
            1.0 if one.reset_at <= found.now else one.remaining / one.limit,
            limits.api_left_ratio,
            least=True,
            of=one.resource,
        )
        for one in found.limits
    ]
    used = [count("api_used", one.limit - one.remaining, of=f"{one.resource} / {one.limit}") for one in found.limits]
    return judged(*left, *used)


def storage(found: Storage, limits: ChecklistLimits) -> Verdict:
    """Is there room where our data and logs lie?"""
    disks = [percent("disk", ratio, limits.disk_ratio, of=folder) for folder, ratio in found.disks]
    size = Evidence(name="ledger_size", value=found.ledger_bytes, unit="bytes")
    return judged(*disks, size, failed=any(ratio >= _FULL_RATIO for _, ratio in found.disks))


def backup(found: Backups, limits: ChecklistLimits) -> Verdict:
    """Is there a fresh backup, and was it restored on trial?"""
    if not found.kept:
        return judged(
            count("backups_kept", 0, 1, least=True), failed=True, reason="there is none; `aip backup create` makes one"
        )
    newest = found.kept[0]
    age = found.now - newest.made_at
    trials = {None: "not yet", True: "sound", False: "damaged"}
    evidence = (
        seconds("backup_age", age, limits.backup_age_seconds, of=newest.host),
        Evidence(name="backup_size", value=newest.size_bytes, unit="bytes"),
        text("backup_verified", trials[newest.is_sound]),
        count("backups_kept", len(found.kept)),
    )
    is_lost = newest.is_sound is False or age > 2 * limits.backup_age_seconds
    return judged(*evidence, failed=is_lost, attention=newest.is_sound is None, see=[See(text=newest.name)])


def security_alerts(found: tuple[SecurityAlertsRecord, ...], _limits: ChecklistLimits) -> Verdict:
    """Which security alerts are open on GitHub?"""
    known = [one for one in found if one.counts is not None]
    silent = [one for one in found if one.counts is None]
    grave = sum(_grave(one) for one in known)
    total = sum(sum((one.counts or {}).values()) for one in known)
    evidence = (
        count("open_alerts", total, 0) if known else count("open_alerts", None),
        count("grave_alerts", grave, 0) if known else count("grave_alerts", None),
        *(
            count("alerts_of_kind", sum((one.counts or {}).values()), of=f"{one.kind}, {one.repository}")
            for one in known
        ),
    )
    reason = "; ".join(f"{one.kind} of {one.repository}: {one.reason}" for one in silent)
    if total == 0 and silent:
        return unknown(reason, *evidence)
    return judged(*evidence, failed=grave > 0, reason=reason)


def pull_request_quality(found: PullRequests, _limits: ChecklistLimits) -> Verdict:
    """Are the pull requests of the day before any good? Only a person can tell."""
    evidence = (
        count("opened", len(found.opened)),
        count("merged", found.ended.get("merged", 0)),
        count("closed_unmerged", found.ended.get("closed", 0)),
    )
    if not found.opened:
        return judged(*evidence)
    return asks_a_person(
        *evidence, see=[See(text=f"{one.repository}#{one.number}", url=one.url) for one in found.opened]
    )


def failed_tests(gate: Gate, limits: ChecklistLimits, of_our_own: frozenset[str]) -> Verdict:
    """How many checks of the operator's own, such as tests, failed the day before?"""
    results: dict[str, dict[str, int]] = {}
    for (name, result), number in gate.checks.items():
        if name in of_our_own:
            results.setdefault(name, {})[result] = number
    if not of_our_own:
        return unknown("the gate runs no tests: quality_gate.yaml names no check of your own under `checks`")
    failed = sum(one.get(CheckResult.FAILED, 0) for one in results.values())
    ran = failed + sum(one.get(CheckResult.PASSED, 0) for one in results.values())
    unavailable = sum(one.get(CheckResult.UNAVAILABLE, 0) for one in results.values())
    return judged(
        percent("failed_tests", failed / ran if ran else None, limits.tests_failed_ratio),
        count("checks_run", ran),
        count("checks_unavailable", unavailable, 0),
        *(count("failed_of_check", one.get(CheckResult.FAILED, 0), of=name) for name, one in sorted(results.items())),
    )


def review_backlog(found: PullRequests, limits: ChecklistLimits) -> Verdict:
    """How many pull requests wait for a review, and for how long?"""
    oldest = found.now - found.waiting[0].created_at if found.waiting else 0.0
    see = [See(text=f"{one.repository}#{one.number}", url=one.url) for one in found.waiting[:10]]
    return judged(
        count("waiting_reviews", len(found.waiting), limits.waiting_reviews),
        seconds("oldest_review_waits", oldest),
        see=see,
    )


def gate_failures(gate: Gate, limits: ChecklistLimits) -> Verdict:
    """Which issues did the gate reject the day before?"""
    see = [See(text=f"{one.repository}#{one.issue} ({one.run_id})") for one in gate.rejected_runs]
    share = gate.rejected / gate.processed if gate.processed else None
    return judged(
        count("rejected_runs", gate.rejected),
        percent("rejected", share, limits.rejected_ratio),
        count("processed", gate.processed),
        see=see,
    )


def _grave(one: SecurityAlertsRecord) -> int:
    counts = one.counts or {}
    # A secret that lies open is grave, and GitHub rates none of them.
    return sum(counts.values()) if one.kind == "secret_scanning" else sum(counts.get(name, 0) for name in _GRAVE)

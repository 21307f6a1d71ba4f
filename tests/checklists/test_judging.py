"""What is judged how: at the limit well, past it not, and what cannot be told is said so."""

from dataclasses import replace
from pathlib import Path

import pytest

from processor.checklists.judging import (
    maintenance,
    metrics,
    optimization,
    performance,
    processing,
    quality,
    reporting,
    system_health,
)
from processor.checklists.readings.host import HostLoad, LogFile, LogFiles, Storage
from processor.checklists.readings.packages import Newer, Outdated
from processor.checklists.readings.services import Services
from processor.checklists.readings.told_by_github import RateLimits
from processor.checklists.readings.upkeep import Backups, HostTrend, InForce, WeeklyReport
from processor.checklists.readings.work import Gate, PullRequests, Work
from processor.ledger.backups import BackupRecord
from processor.ledger.queries import (
    NOTHING,
    HostUseRecord,
    LongRun,
    OpenedPullRequest,
    RateLimitRecord,
    RejectedRun,
    Room,
    SecurityAlertsRecord,
    Waiting,
)
from processor.ledger.services import ServiceRecord
from processor.settings.sections import ChecklistLimits, ReportThresholds

LIMITS = ChecklistLimits()
NOW = 1_000_000.0
SERVICE = ServiceRecord(
    instance="a", host="a", pid=7, url="", state="running", started_at=NOW - 900, heartbeat_at=NOW - 2
)
SERVICES = Services(now=NOW, expected=(SERVICE,), paused_by=None, firing={}, watchdog_heard_at=NOW - 60)
WORK = Work(summary=NOTHING, before=NOTHING, longest=(), waiting=(), queue_wait=(None, None), now=NOW)
TESTS = frozenset({"tests"})
GATE = Gate(processed=0, rejected=0, rejected_runs=(), mean_score=None, checks={})
IN_FORCE = InForce(
    max_parallel=3, hosts=(("a", "low", 3),), minimum_score=70, security_threshold=5, timeout_seconds=1800,
    use_cache=True, remembered_findings=4, overrides=(),
)  # fmt: skip
PULL = OpenedPullRequest("octo/hello", 5, "https://github.com/octo/hello/pull/5", NOW - 3600, "success")
PULLS = PullRequests(opened=(), waiting=(), ended={}, mean_score=None, now=NOW)
BACKUP = BackupRecord(name="b", host="a", made_at=NOW - 93_600, size_bytes=9, is_sound=True)
HOST = HostUseRecord("a", 60, 0.7, 1.0, 0.8, 0.9, 0.8, 0.4)
REPORT = WeeklyReport(
    week="2026-11-16",
    made_at=NOW,
    files=(),
    folder=Path("reports"),
    given_up=(),
    proposals=(),
    is_before_the_ledger=False,
)
LOGS = LogFiles(
    current=LogFile("a.log", 500), rotated=(LogFile("a.log.1", 1000),), most_bytes=1000, most_rotated=5,
    is_service_alive=True,
)  # fmt: skip


def worked(**outcomes: int) -> Work:
    return replace(
        WORK, summary=replace(NOTHING, runs={("medium", name): n for name, n in outcomes.items()}, mean_seconds=100.0)
    )


def long_run(seconds: float, outcome: str = "success") -> LongRun:
    return LongRun(
        run_id="1-a", repository="octo/hello", issue=1, outcome=outcome, seconds=seconds, pull_request_url=None
    )


def alerts(kind: str = "dependabot", reason: str = "", **counts: int) -> SecurityAlertsRecord:
    return SecurityAlertsRecord("octo/hello", kind, None if reason else counts, reason, NOW)


def limit(remaining: int, reset_at: float = NOW + 60) -> RateLimits:
    return RateLimits(
        (RateLimitRecord(resource="core", limit=5000, remaining=remaining, reset_at=reset_at, seen_at=NOW),), NOW
    )


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (system_health.system_status(SERVICES, LIMITS), "ok"),
        (system_health.system_status(replace(SERVICES, paused_by="hanako"), LIMITS), "attention"),
        (
            system_health.system_status(replace(SERVICES, expected=(replace(SERVICE, state="draining"),)), LIMITS),
            "attention",
        ),
        (system_health.system_status(replace(SERVICES, firing={("AipDiskHigh", "medium"): 1}), LIMITS), "attention"),
        (
            system_health.system_status(replace(SERVICES, firing={("AipProcessorDown", "critical"): 1}), LIMITS),
            "failed",
        ),
        (system_health.system_status(replace(SERVICES, expected=()), LIMITS), "failed"),
        (system_health.process_alive(SERVICES, LIMITS), "ok"),
        (
            system_health.process_alive(
                replace(SERVICES, expected=(SERVICE, replace(SERVICE, heartbeat_at=NOW - 60))), LIMITS
            ),
            "attention",
        ),
        (system_health.process_alive(replace(SERVICES, now=NOW + 60), LIMITS), "failed"),
        (system_health.resource_use((HostLoad("a", 0.70, 0.80, 0.80),), LIMITS), "ok"),
        (
            system_health.resource_use((HostLoad("a", 0.1, 0.1, 0.1), HostLoad("b", 0.71, 0.1, 0.1)), LIMITS),
            "attention",
        ),
        (system_health.resource_use((HostLoad("a", 0.1, 0.1, 0.96),), LIMITS), "failed"),
        (system_health.log_errors({}, LIMITS), "ok"),
        (system_health.log_errors(None, LIMITS), "unknown"),
        (system_health.log_errors({"agent_exit": 10}, LIMITS), "attention"),
        (system_health.log_errors({"agent_exit": 6, "network": 5}, LIMITS), "failed"),
        (processing.processed_count(WORK, LIMITS), "ok"),
        (processing.processed_count(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 9),)), LIMITS), "attention"),
        (processing.success_rate(WORK, LIMITS), "ok"),
        (processing.success_rate(worked(success=17, error=3), LIMITS), "ok"),
        (processing.success_rate(worked(success=16, error=4), LIMITS), "attention"),
        (processing.success_rate(worked(success=15, rejected=5), LIMITS), "failed"),
        (processing.success_rate(worked(success=17, error=3, cancelled=9), LIMITS), "ok"),
        (processing.queue(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 3600),)), LIMITS), "ok"),
        (processing.queue(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 3601),)), LIMITS), "attention"),
        (processing.queue(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 90_000),)), LIMITS), "failed"),
        (processing.long_runs(replace(worked(success=1), longest=(long_run(300),)), LIMITS), "ok"),
        (processing.long_runs(replace(worked(success=1), longest=(long_run(301),)), LIMITS), "attention"),
        (processing.long_runs(worked(timeout=1), LIMITS), "attention"),
        (metrics.api_usage(limit(500), LIMITS), "ok"),
        (metrics.api_usage(RateLimits((), NOW), LIMITS), "unknown"),
        (metrics.api_usage(limit(490), LIMITS), "attention"),
        (metrics.api_usage(limit(0, reset_at=NOW), LIMITS), "ok"),
        (metrics.storage(Storage(disks=(("state", 0.8),), ledger_bytes=9), LIMITS), "ok"),
        (metrics.storage(Storage(disks=(("state", 0.81), ("logs", 0.1)), ledger_bytes=9), LIMITS), "attention"),
        (metrics.storage(Storage(disks=(("state", 0.95),), ledger_bytes=9), LIMITS), "failed"),
        (metrics.backup(Backups((BACKUP,), NOW), LIMITS), "ok"),
        (metrics.backup(Backups((replace(BACKUP, is_sound=None),), NOW), LIMITS), "attention"),
        (metrics.backup(Backups((replace(BACKUP, made_at=NOW - 93_601),), NOW), LIMITS), "attention"),
        (metrics.backup(Backups((replace(BACKUP, made_at=NOW - 190_000),), NOW), LIMITS), "failed"),
        (metrics.backup(Backups((replace(BACKUP, is_sound=False),), NOW), LIMITS), "failed"),
        (metrics.backup(Backups((), NOW), LIMITS), "failed"),
        (metrics.security_alerts((alerts(), alerts("code_scanning")), LIMITS), "ok"),
        (metrics.security_alerts((), LIMITS), "unknown"),
        (metrics.security_alerts((alerts(medium=1),), LIMITS), "attention"),
        (metrics.security_alerts((alerts(high=1),), LIMITS), "failed"),
        (metrics.security_alerts((alerts("secret_scanning", unrated=1),), LIMITS), "failed"),
        (metrics.security_alerts((alerts(), alerts("code_scanning", "not enabled")), LIMITS), "unknown"),
        (metrics.security_alerts((alerts(low=1), alerts("code_scanning", "not enabled")), LIMITS), "attention"),
        (quality.pull_request_quality(PULLS, LIMITS), "ok"),
        (quality.failed_tests(GATE, LIMITS, frozenset()), "unknown"),
        (quality.failed_tests(GATE, LIMITS, TESTS), "ok"),
        (
            quality.failed_tests(replace(GATE, checks={("tests", "failed"): 3, ("tests", "passed"): 7}), LIMITS, TESTS),
            "ok",
        ),
        (
            quality.failed_tests(replace(GATE, checks={("tests", "failed"): 1, ("tests", "passed"): 1}), LIMITS, TESTS),
            "attention",
        ),
        (quality.failed_tests(replace(GATE, checks={("tests", "unavailable"): 1}), LIMITS, TESTS), "attention"),
        (quality.failed_tests(replace(GATE, checks={("syntax", "failed"): 9}), LIMITS, TESTS), "ok"),
        (quality.review_backlog(replace(PULLS, waiting=(PULL,) * 10), LIMITS), "ok"),
        (quality.review_backlog(replace(PULLS, waiting=(PULL,) * 11), LIMITS), "attention"),
        (
            quality.gate_failures(
                replace(GATE, processed=10, rejected=3, rejected_runs=(RejectedRun("1-a", "o/h", 1, 50),)), LIMITS
            ),
            "ok",
        ),
        (quality.gate_failures(replace(GATE, processed=10, rejected=4), LIMITS), "attention"),
        (performance.duration_trend(WORK, ReportThresholds()), "ok"),
        (
            performance.duration_trend(
                replace(worked(success=1), before=replace(NOTHING, mean_seconds=80.0)), ReportThresholds()
            ),
            "ok",
        ),
        (
            performance.duration_trend(
                replace(worked(success=1), before=replace(NOTHING, mean_seconds=79.0)), ReportThresholds()
            ),
            "attention",
        ),
        (performance.resource_trend(HostTrend({"a": HOST}, {}), LIMITS), "ok"),
        (performance.resource_trend(HostTrend({}, {"a": HOST}), LIMITS), "unknown"),
        (
            performance.resource_trend(HostTrend({"a": replace(HOST, memory_mean=0.81)}, {"a": HOST}), LIMITS),
            "attention",
        ),
        (performance.weekly_report(REPORT, LIMITS), "ok"),
        (performance.weekly_report(replace(REPORT, made_at=None), LIMITS), "failed"),
        (performance.weekly_report(replace(REPORT, made_at=None, is_before_the_ledger=True), LIMITS), "ok"),
        (performance.weekly_report(replace(REPORT, given_up=("email",)), LIMITS), "attention"),
        (performance.bottleneck(WORK, ReportThresholds()), "ok"),
        (
            performance.bottleneck(
                replace(WORK, summary=replace(NOTHING, phase_seconds={"agent": 75, "gate": 25})), ReportThresholds()
            ),
            "ok",
        ),
        (
            performance.bottleneck(
                replace(WORK, summary=replace(NOTHING, phase_seconds={"agent": 76, "gate": 24})), ReportThresholds()
            ),
            "attention",
        ),
        (optimization.parallelism((replace(WORK, queue_wait=(3600.0, 9000.0)), IN_FORCE), LIMITS), "ok"),
        (optimization.parallelism((replace(WORK, queue_wait=(3601.0, 9000.0)), IN_FORCE), LIMITS), "attention"),
        (optimization.gate_criteria((GATE, IN_FORCE), LIMITS), "ok"),
        (optimization.gate_criteria((replace(GATE, processed=10, rejected=4), IN_FORCE), LIMITS), "attention"),
        (optimization.gate_criteria((GATE, replace(IN_FORCE, overrides=("gate.minimum_score",))), LIMITS), "attention"),
        (
            optimization.time_limits((replace(WORK, summary=replace(NOTHING, longest_seconds=1440)), IN_FORCE), LIMITS),
            "ok",
        ),
        (
            optimization.time_limits((replace(WORK, summary=replace(NOTHING, longest_seconds=1500)), IN_FORCE), LIMITS),
            "attention",
        ),
        (optimization.time_limits((worked(timeout=1), IN_FORCE), LIMITS), "attention"),
        (optimization.cache(IN_FORCE, LIMITS), "ok"),
        (optimization.cache(replace(IN_FORCE, use_cache=False), LIMITS), "attention"),
        (maintenance.log_rotation(LOGS, LIMITS), "ok"),
        (maintenance.log_rotation(replace(LOGS, rotated=(LogFile("a.log.1", 1200),)), LIMITS), "attention"),
        (maintenance.log_rotation(replace(LOGS, rotated=(LogFile("a.log.1", 1),) * 6), LIMITS), "attention"),
        (maintenance.log_rotation(replace(LOGS, current=None), LIMITS), "failed"),
        (maintenance.log_rotation(replace(LOGS, current=None, is_service_alive=False), LIMITS), "unknown"),
        (maintenance.dependencies(Outdated(80, ()), LIMITS), "ok"),
        (maintenance.dependencies(None, LIMITS), "unknown"),
        (maintenance.dependencies(Outdated(80, (Newer("dbos", "3.4", "3.5", ("ours",)),)), LIMITS), "ok"),
        (maintenance.dependencies(Outdated(80, (Newer("rich", "14.0", "15.0"),)), LIMITS), "attention"),
        (maintenance.security_patches((alerts(critical=1),), LIMITS), "failed"),
        (maintenance.security_patches((alerts(low=1),), LIMITS), "attention"),
        (maintenance.database(Room(5_000_000, 0.9, None), LIMITS), "ok"),
        (maintenance.database(Room(50_000_000, 0.25, NOW), LIMITS), "ok"),
        (maintenance.database(Room(50_000_000, 0.26, None), LIMITS), "attention"),
        (reporting.incident_review({}, LIMITS), "ok"),
        (reporting.incident_review({("AipDiskHigh", "medium"): 2}, LIMITS), "attention"),
    ],
)
def test_a_status_follows_from_the_numbers(verdict, status):
    assert verdict.status == status
    assert verdict.evidence or verdict.reasons


def test_what_only_a_person_can_tell_names_what_to_look_at():
    found = quality.pull_request_quality(replace(PULLS, opened=(PULL,)), LIMITS)
    assert (found.needs_person, found.see[0].text, found.see[0].url) == (True, "octo/hello#5", PULL.url)
    assert reporting.next_week_plan(WORK, LIMITS).needs_person


def test_a_pull_request_whose_checks_fail_is_named_so():
    pulls = (PULL, replace(PULL, number=6, ci_state="failure"))
    found = quality.pull_request_quality(replace(PULLS, opened=pulls, mean_score=91.26), LIMITS)
    assert [one.text for one in found.see] == ["octo/hello#5", "octo/hello#6 (CI: failure)"]
    assert {one.name: one.value for one in found.evidence} == {
        "opened": 2, "failing_ci": 1, "mean_score": 91.3, "merged": 0, "closed_unmerged": 0,
    }  # fmt: skip


def test_evidence_has_number_unit_and_limit():
    (cpu, *_) = system_health.resource_use((HostLoad("a", 0.71234, 0.1, 0.1),), LIMITS).evidence
    assert (cpu.name, cpu.value, cpu.unit, cpu.limit, cpu.is_within) == ("cpu", 71.2, "percent", 70.0, False)


def test_what_waits_is_told_in_the_order_of_work():
    waiting = tuple(Waiting("o/h", priority, 1, NOW - 9) for priority in ("low", "critical", "medium"))
    found = processing.queue(replace(WORK, waiting=waiting), LIMITS).evidence
    assert [one.of for one in found if one.name == "waiting_of_priority"] == ["critical", "medium", "low"]


def test_an_alert_that_came_with_two_severities_is_counted_with_both():
    found = reporting.incident_review({("AipDiskHigh", "high"): 1, ("AipDiskHigh", "medium"): 2}, LIMITS).evidence
    assert [(one.of, one.value) for one in found] == [("", 3), ("AipDiskHigh", 3)]


def test_proposals_are_those_of_the_weekly_report():
    found = reporting.proposals((WORK, replace(REPORT, proposals=("Reviews wait",))), LIMITS)
    assert ([one.text for one in found.see], found.evidence[0].value) == (["Reviews wait"], 1)


def test_a_run_that_timed_out_is_named_however_short_it_was():
    day = replace(worked(success=1, timeout=1), longest=(long_run(90), long_run(4, "timeout")))
    found = processing.long_runs(day, LIMITS)
    assert [one.text for one in found.see] == ["octo/hello#1: 4 s (1-a)"]
    assert next(one.value for one in found.evidence if one.name == "mean_of_7_days_seconds") is None


def test_of_a_rate_limit_whose_hour_is_over_nothing_is_used():
    assert [one.value for one in metrics.api_usage(limit(100, reset_at=NOW), LIMITS).evidence] == [100.0, 0]
    assert [one.value for one in metrics.api_usage(limit(4000), LIMITS).evidence] == [80.0, 1000]

"""What is judged how: at the limit well, past it not, and what cannot be told is said so."""

from dataclasses import replace
from pathlib import Path

import pytest

from processor.checklists.judging import daily, weekly
from processor.checklists.readings.host import Load, LogFile, LogFiles, Storage
from processor.checklists.readings.packages import Outdated
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
SERVICES = Services(now=NOW, expected=(SERVICE,), paused_by=None, firing={})
WORK = Work(summary=NOTHING, before=NOTHING, longest=(), waiting=(), queue_wait=(None, None), now=NOW)
TESTS = frozenset({"tests"})
GATE = Gate(processed=0, rejected=0, rejected_runs=(), mean_score=None, checks={})
IN_FORCE = InForce(
    max_parallel=3, hosts=(("a", "low", 3),), minimum_score=70, security_threshold=5, timeout_seconds=1800,
    use_cache=True, remembered_findings=4, overrides=(),
)  # fmt: skip
PULL = OpenedPullRequest("octo/hello", 5, "https://github.com/octo/hello/pull/5", NOW - 3600)
PULLS = PullRequests(opened=(), waiting=(), ended={}, now=NOW)
BACKUP = BackupRecord(name="b", host="a", made_at=NOW - 93_600, size_bytes=9, is_sound=True)
HOST = HostUseRecord("a", 60, 0.7, 1.0, 0.8, 0.9, 0.8, 0.4)
REPORT = WeeklyReport(week="2026-11-16", made_at=NOW, files=(), folder=Path("reports"), given_up=())
LOGS = LogFiles(
    current=LogFile("a.log", 500), rotated=(LogFile("a.log.1", 1000),), most_bytes=1000, most_rotated=5,
    is_service_alive=True,
)  # fmt: skip


def worked(**outcomes: int) -> Work:
    return replace(
        WORK, summary=replace(NOTHING, runs={("medium", name): n for name, n in outcomes.items()}, mean_seconds=100.0)
    )


def long_run(seconds: float) -> LongRun:
    return LongRun(
        run_id="1-a", repository="octo/hello", issue=1, outcome="success", seconds=seconds, pull_request_url=None
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
        (daily.system_status(SERVICES, LIMITS), "ok"),
        (daily.system_status(replace(SERVICES, paused_by="hanako"), LIMITS), "attention"),
        (daily.system_status(replace(SERVICES, expected=(replace(SERVICE, state="draining"),)), LIMITS), "attention"),
        (daily.system_status(replace(SERVICES, firing={("AipDiskHigh", "medium"): 1}), LIMITS), "attention"),
        (daily.system_status(replace(SERVICES, firing={("AipProcessorDown", "critical"): 1}), LIMITS), "failed"),
        (daily.system_status(replace(SERVICES, expected=()), LIMITS), "failed"),
        (daily.process_alive(SERVICES, LIMITS), "ok"),
        (
            daily.process_alive(replace(SERVICES, expected=(SERVICE, replace(SERVICE, heartbeat_at=NOW - 60))), LIMITS),
            "attention",
        ),
        (daily.process_alive(replace(SERVICES, now=NOW + 60), LIMITS), "failed"),
        (daily.resource_use(Load(0.70, 0.80, 0.80), LIMITS), "ok"),
        (daily.resource_use(Load(0.71, 0.1, 0.1), LIMITS), "attention"),
        (daily.resource_use(Load(0.1, 0.1, 0.96), LIMITS), "failed"),
        (daily.log_errors({}, LIMITS), "ok"),
        (daily.log_errors({"agent_exit": 10}, LIMITS), "attention"),
        (daily.log_errors({"agent_exit": 6, "network": 5}, LIMITS), "failed"),
        (daily.processed_count(WORK, LIMITS), "ok"),
        (daily.processed_count(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 9),)), LIMITS), "attention"),
        (daily.success_rate(WORK, LIMITS), "ok"),
        (daily.success_rate(worked(success=17, error=3), LIMITS), "ok"),
        (daily.success_rate(worked(success=16, error=4), LIMITS), "attention"),
        (daily.success_rate(worked(success=15, rejected=5), LIMITS), "failed"),
        (daily.success_rate(worked(success=17, error=3, cancelled=9), LIMITS), "ok"),
        (daily.queue(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 3600),)), LIMITS), "ok"),
        (daily.queue(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 3601),)), LIMITS), "attention"),
        (daily.queue(replace(WORK, waiting=(Waiting("o/h", "low", 2, NOW - 90_000),)), LIMITS), "failed"),
        (daily.long_runs(replace(worked(success=1), longest=(long_run(300),)), LIMITS), "ok"),
        (daily.long_runs(replace(worked(success=1), longest=(long_run(301),)), LIMITS), "attention"),
        (daily.long_runs(worked(timeout=1), LIMITS), "attention"),
        (daily.api_usage(limit(500), LIMITS), "ok"),
        (daily.api_usage(limit(490), LIMITS), "attention"),
        (daily.api_usage(limit(0, reset_at=NOW), LIMITS), "ok"),
        (daily.storage(Storage(disks=(("state", 0.8),), ledger_bytes=9), LIMITS), "ok"),
        (daily.storage(Storage(disks=(("state", 0.81), ("logs", 0.1)), ledger_bytes=9), LIMITS), "attention"),
        (daily.storage(Storage(disks=(("state", 0.95),), ledger_bytes=9), LIMITS), "failed"),
        (daily.backup(Backups((BACKUP,), NOW), LIMITS), "ok"),
        (daily.backup(Backups((replace(BACKUP, is_sound=None),), NOW), LIMITS), "attention"),
        (daily.backup(Backups((replace(BACKUP, made_at=NOW - 93_601),), NOW), LIMITS), "attention"),
        (daily.backup(Backups((replace(BACKUP, made_at=NOW - 190_000),), NOW), LIMITS), "failed"),
        (daily.backup(Backups((replace(BACKUP, is_sound=False),), NOW), LIMITS), "failed"),
        (daily.backup(Backups((), NOW), LIMITS), "failed"),
        (daily.security_alerts((alerts(), alerts("code_scanning")), LIMITS), "ok"),
        (daily.security_alerts((alerts(medium=1),), LIMITS), "attention"),
        (daily.security_alerts((alerts(high=1),), LIMITS), "failed"),
        (daily.security_alerts((alerts("secret_scanning", unrated=1),), LIMITS), "failed"),
        (daily.security_alerts((alerts(), alerts("code_scanning", "not enabled")), LIMITS), "unknown"),
        (daily.security_alerts((alerts(low=1), alerts("code_scanning", "not enabled")), LIMITS), "attention"),
        (daily.pull_request_quality(PULLS, LIMITS), "ok"),
        (daily.failed_tests(GATE, LIMITS, frozenset()), "unknown"),
        (daily.failed_tests(GATE, LIMITS, TESTS), "ok"),
        (
            daily.failed_tests(replace(GATE, checks={("tests", "failed"): 3, ("tests", "passed"): 7}), LIMITS, TESTS),
            "ok",
        ),
        (
            daily.failed_tests(replace(GATE, checks={("tests", "failed"): 1, ("tests", "passed"): 1}), LIMITS, TESTS),
            "attention",
        ),
        (daily.failed_tests(replace(GATE, checks={("tests", "unavailable"): 1}), LIMITS, TESTS), "attention"),
        (daily.failed_tests(replace(GATE, checks={("syntax", "failed"): 9}), LIMITS, TESTS), "ok"),
        (daily.review_backlog(replace(PULLS, waiting=(PULL,) * 10), LIMITS), "ok"),
        (daily.review_backlog(replace(PULLS, waiting=(PULL,) * 11), LIMITS), "attention"),
        (
            daily.gate_failures(
                replace(GATE, processed=10, rejected=3, rejected_runs=(RejectedRun("1-a", "o/h", 1, 50),)), LIMITS
            ),
            "ok",
        ),
        (daily.gate_failures(replace(GATE, processed=10, rejected=4), LIMITS), "attention"),
        (weekly.duration_trend(WORK, ReportThresholds()), "ok"),
        (
            weekly.duration_trend(
                replace(worked(success=1), before=replace(NOTHING, mean_seconds=80.0)), ReportThresholds()
            ),
            "ok",
        ),
        (
            weekly.duration_trend(
                replace(worked(success=1), before=replace(NOTHING, mean_seconds=79.0)), ReportThresholds()
            ),
            "attention",
        ),
        (weekly.resource_trend(HostTrend({"a": HOST}, {}), LIMITS), "ok"),
        (weekly.resource_trend(HostTrend({"a": replace(HOST, memory_mean=0.81)}, {"a": HOST}), LIMITS), "attention"),
        (weekly.weekly_report(REPORT, LIMITS), "ok"),
        (weekly.weekly_report(replace(REPORT, made_at=None), LIMITS), "failed"),
        (weekly.weekly_report(replace(REPORT, given_up=("email",)), LIMITS), "attention"),
        (weekly.bottleneck(WORK, ReportThresholds()), "ok"),
        (
            weekly.bottleneck(
                replace(WORK, summary=replace(NOTHING, phase_seconds={"agent": 75, "gate": 25})), ReportThresholds()
            ),
            "ok",
        ),
        (
            weekly.bottleneck(
                replace(WORK, summary=replace(NOTHING, phase_seconds={"agent": 76, "gate": 24})), ReportThresholds()
            ),
            "attention",
        ),
        (weekly.parallelism((replace(WORK, queue_wait=(3600.0, 9000.0)), IN_FORCE), LIMITS), "ok"),
        (weekly.parallelism((replace(WORK, queue_wait=(3601.0, 9000.0)), IN_FORCE), LIMITS), "attention"),
        (weekly.gate_criteria((GATE, IN_FORCE), LIMITS), "ok"),
        (weekly.gate_criteria((replace(GATE, processed=10, rejected=4), IN_FORCE), LIMITS), "attention"),
        (weekly.gate_criteria((GATE, replace(IN_FORCE, overrides=("gate.minimum_score",))), LIMITS), "attention"),
        (weekly.time_limits((replace(WORK, summary=replace(NOTHING, longest_seconds=1440)), IN_FORCE), LIMITS), "ok"),
        (
            weekly.time_limits((replace(WORK, summary=replace(NOTHING, longest_seconds=1500)), IN_FORCE), LIMITS),
            "attention",
        ),
        (weekly.time_limits((worked(timeout=1), IN_FORCE), LIMITS), "attention"),
        (weekly.cache(IN_FORCE, LIMITS), "ok"),
        (weekly.cache(replace(IN_FORCE, use_cache=False), LIMITS), "attention"),
        (weekly.log_rotation(LOGS, LIMITS), "ok"),
        (weekly.log_rotation(replace(LOGS, rotated=(LogFile("a.log.1", 1200),)), LIMITS), "attention"),
        (weekly.log_rotation(replace(LOGS, rotated=(LogFile("a.log.1", 1),) * 6), LIMITS), "attention"),
        (weekly.log_rotation(replace(LOGS, current=None), LIMITS), "failed"),
        (weekly.log_rotation(replace(LOGS, current=None, is_service_alive=False), LIMITS), "unknown"),
        (weekly.dependencies(Outdated(80, ()), LIMITS), "ok"),
        (weekly.dependencies(Outdated(80, (("rich", "14.0", "15.0"),)), LIMITS), "attention"),
        (weekly.security_patches((alerts(critical=1),), LIMITS), "failed"),
        (weekly.security_patches((alerts(low=1),), LIMITS), "attention"),
        (weekly.database(Room(5_000_000, 0.9, None), LIMITS), "ok"),
        (weekly.database(Room(50_000_000, 0.25, NOW), LIMITS), "ok"),
        (weekly.database(Room(50_000_000, 0.26, None), LIMITS), "attention"),
        (weekly.incident_review({}, LIMITS), "ok"),
        (weekly.incident_review({("AipDiskHigh", "medium"): 2}, LIMITS), "attention"),
    ],
)
def test_a_status_follows_from_the_numbers(verdict, status):
    assert verdict.status == status
    assert verdict.evidence or verdict.reason


def test_what_only_a_person_can_tell_names_what_to_look_at():
    found = daily.pull_request_quality(replace(PULLS, opened=(PULL,)), LIMITS)
    assert (found.needs_person, found.see[0].text, found.see[0].url) == (True, "octo/hello#5", PULL.url)
    assert weekly.next_week_plan(WORK, LIMITS).needs_person


def test_evidence_has_number_unit_and_limit():
    (cpu, *_) = daily.resource_use(Load(0.71234, 0.1, 0.1), LIMITS).evidence
    assert (cpu.name, cpu.value, cpu.unit, cpu.limit, cpu.is_within) == ("cpu", 71.2, "percent", 70.0, False)

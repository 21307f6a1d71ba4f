"""Every family of totals is written by what happens to an issue, with labels that the exporter knows."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from processor.errors import ErrorType
from processor.ledger import families, issues, progress, pull_requests, queries, reports, runs
from processor.ledger.connection import Ledger
from processor.ledger.reports import MadeReport
from processor.model import (
    CheckReport,
    CheckResult,
    CiState,
    Finding,
    FindingState,
    GateReport,
    Issue,
    IssueRef,
    Outcome,
    Phase,
    Priority,
    PullRequest,
    ReportChannel,
    ReportKind,
    Reviews,
    ReviewState,
    SkipReason,
    Usage,
)

REPOSITORY = "octo/hello"
REF = IssueRef(REPOSITORY, 7)
BUILT_IN = frozenset({"syntax"})
NOW = time.time()
FINDINGS = tuple(
    Finding(key=f"E{number}", message="wrong", state=state)
    for number, state in enumerate((FindingState.NEW, FindingState.FIXED, FindingState.FIXED, FindingState.UNCHANGED))
)
EVERY_FAMILY = {value for name, value in vars(families).items() if name.isupper() and str(value).startswith("aip_")}


def _issue() -> Issue:
    moment = datetime.now(UTC)
    return Issue(
        ref=REF, title="Greet", body="", labels=("auto-processable",), author="octo", author_association="OWNER",
        assignees=(), is_locked=False, is_open=True, is_pull_request=False, created_at=moment, updated_at=moment,
        url="",
    )  # fmt: skip


def _check(name: str, result: CheckResult) -> CheckReport:
    return CheckReport(
        name=name, result=result, is_required=True, weight=10, score=100, summary="well", findings=FINDINGS
    )


def _report() -> GateReport:
    checks = (_check("syntax", CheckResult.PASSED), _check("unit-tests", CheckResult.NOT_APPLICABLE))
    return GateReport(passed=True, score=70, minimum_score=70, risk=0, security_threshold=5, checks=checks)


def _pull() -> PullRequest:
    return PullRequest(
        repository=REPOSITORY, number=1, url="", title="Auto-fix: Greet (#7)", body="", head_branch="auto-fix/issue-7",
        head_sha="a" * 40, head_repository=REPOSITORY, base_branch="main", is_open=True, is_draft=True, is_merged=False,
        created_at=datetime.now(UTC), merged_at=None, closed_at=None,
    )  # fmt: skip


def _live(ledger: Ledger, *, is_dry_run: bool) -> None:
    """Skip, queue, fail once, succeed, publish, merge; then fail for good."""
    for outcome, error in ((Outcome.SUCCESS, None), (Outcome.ERROR, ErrorType.AGENT_EXIT)):
        with ledger.write() as db:
            issues.see(db, _issue(), Priority.HIGH, NOW - 100)
            new = runs.NewRun(
                ref=REF, title="Greet", priority=Priority.HIGH, issue_created_at=0.0, discovered_at=NOW - 100,
                branch="auto-fix/issue-7", sequence=1, requested_by="poll", is_dry_run=is_dry_run,
            )  # fmt: skip
            run_id = runs.queue(db, new, NOW - 90)
            runs.release(db, run_id, "host-a", NOW - 80)
            runs.start(db, run_id, "host-a", NOW - 80)
            counted = {"is_counted": not is_dry_run}
            progress.start_attempt(db, run_id, 1, NOW - 80)
            progress.start_phase(db, run_id, 1, Phase.AGENT, NOW - 80)
            progress.end_phase(db, run_id, Phase.AGENT, "agent_exit", NOW - 40, attempt=1, **counted)
            progress.end_attempt(
                db, run_id, 1, NOW - 40, phase=Phase.AGENT, error_type="agent_exit", retry_after_seconds=1, **counted
            )
            spent = Usage(
                input_tokens=9, cache_read_tokens=8, cache_write_tokens=7, output_tokens=6, reasoning_tokens=5
            )
            progress.record_usage(db, run_id, 1, "claude", replace(spent, cost_dollars=0.25), **counted)
            progress.record_gate(db, run_id, _report(), "{}", built_in=BUILT_IN, **counted)
            runs.finish(db, run_id, runs.Ending(outcome=outcome, error_type=error, phase=Phase.AGENT), NOW)


def test_every_family_is_written_by_what_happens(ledger: Ledger) -> None:
    _live(ledger, is_dry_run=False)
    with ledger.write() as db:
        issues.skip(db, REF, SkipReason.ASSIGNED)
        run = queries.runs_of_issue(db, REF)[0]
        pull_requests.record_opened(db, run, _pull(), NOW)
        merged = replace(_pull(), is_open=False, is_merged=True, merged_at=datetime.now(UTC) + timedelta(hours=2))
        said = Reviews(ReviewState.APPROVED, _pull().created_at + timedelta(hours=1))
        for _ in range(2):
            pull_requests.record_follow_up(db, merged, said, CiState.SUCCESS, NOW)
        made = MadeReport(kind=ReportKind.DAILY, date="2026-11-26", made_at=NOW, made_by="host-a", content="{}")
        reports.record(db, made, [ReportChannel.EMAIL])
        delivery = reports.take_on_delivery(db, [ReportChannel.EMAIL], NOW)
        assert delivery is not None
        reports.note_delivered(db, delivery, NOW)
        found = {family: queries.totals_of(db, family) for family in EVERY_FAMILY}
    assert [family for family, totals in sorted(found.items()) if not totals] == []
    checks = {(total.labels["check"], total.labels["result"]): total.value for total in found[families.GATE_RESULTS]}
    assert checks == {("syntax", "passed"): 2, (families.CUSTOM_CHECK, "not_applicable"): 2}
    found_by_check = {
        (total.labels["check"], total.labels["finding_state"]): total.value for total in found[families.GATE_FINDINGS]
    }
    assert found_by_check == {
        (check, state): count
        for check in ("syntax", families.CUSTOM_CHECK)
        for state, count in (("new", 2), ("fixed", 4), ("unchanged", 2))
    }
    assert sum(total.value for total in found[families.REVIEW_TIME] if total.part != "sum") == 1
    tokens = {total.labels["direction"]: total.value for total in found[families.AGENT_TOKENS]}
    assert tokens == dict(zip(families.TOKEN_DIRECTIONS, (18, 16, 14, 12, 10), strict=True))
    assert {total.part: total.value for total in found[families.GATE_SCORE]} == {"le:0.7": 2, "sum": 1.4}
    assert [total.labels for total in found[families.ERRORS]] == [{"phase": "agent", "error_type": "agent_exit"}]
    assert [total.labels for total in found[families.PULL_REQUESTS_CLOSED]] == [
        {"repository": REPOSITORY, "result": families.CLOSING_RESULTS[0]}
    ]


def test_a_dry_run_moves_no_total(ledger: Ledger) -> None:
    _live(ledger, is_dry_run=True)
    with ledger.read() as db:
        assert [family for family in EVERY_FAMILY if queries.totals_of(db, family)] == []

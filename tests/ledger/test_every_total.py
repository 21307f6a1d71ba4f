"""Every family of totals is written by what happens to an issue, with labels that the exporter knows."""

import inspect
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from processor.errors import ErrorType
from processor.ledger import canary, endings, families, issues, progress, pull_requests, queries, reports, runs
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.ledger.connection import Ledger
from processor.ledger.queries import CanaryStanding
from processor.ledger.reports import MadeReport
from processor.model import (
    CanaryResult,
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
CANARY = IssueRef("octo/sandbox", 3)
BUILT_IN = frozenset({"syntax"})
NOW = time.time()
FINDINGS = tuple(
    Finding(key=f"E{number}", message="wrong", state=state)
    for number, state in enumerate((FindingState.NEW, FindingState.FIXED, FindingState.FIXED, FindingState.UNCHANGED))
)
EVERY_FAMILY = {value for name, value in vars(families).items() if name.isupper() and str(value).startswith("aip_")}


def _issue(ref: IssueRef = REF) -> Issue:
    moment = datetime.now(UTC)
    return Issue(
        ref=ref, title="Greet", body="", labels=("auto-processable",), author="octo", author_association="OWNER",
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


def _live(ledger: Ledger, *, is_dry_run: bool = False, is_canary: bool = False) -> None:
    """Skip, queue, fail once, succeed, publish, merge; then fail for good."""
    for outcome, error in ((Outcome.SUCCESS, None), (Outcome.ERROR, ErrorType.AGENT_EXIT)):
        with ledger.write() as db:
            ref = CANARY if is_canary else REF
            issues.see(db, _issue(ref), Priority.HIGH, NOW - 100)
            new = runs.NewRun(
                ref=ref, title="Greet", priority=Priority.HIGH, issue_created_at=0.0, discovered_at=NOW - 100,
                branch="auto-fix/issue-7", sequence=1, requested_by="poll", is_dry_run=is_dry_run,
                is_canary=is_canary,
            )  # fmt: skip
            run_id = runs.queue(db, new, NOW - 90)
            runs.release(db, run_id, "host-a", NOW - 80)
            runs.start(db, run_id, "host-a", NOW - 80)
            counted = {"is_counted": runs.get(db, run_id).is_counted}
            progress.start_attempt(db, run_id, 1, NOW - 80)
            progress.start_phase(db, run_id, 1, Phase.AGENT, NOW - 80)
            progress.end_phase(db, run_id, Phase.AGENT, "agent_exit", NOW - 40, attempt=1, **counted)
            progress.end_attempt(
                db, run_id, 1, NOW - 40, phase=Phase.AGENT, error_type="agent_exit", retry_after_seconds=1, **counted
            )
            spent = Usage(
                input_tokens=9, cache_read_tokens=8, cache_write_tokens=7, output_tokens=6, reasoning_tokens=5
            )
            spent = replace(spent, cost_dollars=0.25)
            progress.record_usage(db, run_id, 1, "claude", spent, **counted, is_canary=is_canary)
            progress.record_gate(db, run_id, _report(), "{}", built_in=BUILT_IN, **counted)
            endings.finish(db, run_id, endings.Ending(outcome=outcome, error_type=error, phase=Phase.AGENT), NOW)


def _round(ledger: Ledger) -> None:
    """Make a round of the canary whose agent cost money: two runs, the second one failed."""
    with ledger.write() as db:
        new = NewRound(repository=CANARY.repository, requested_by=BY_THE_CLOCK, time_limit_seconds=600)
        round_id = canary.begin(db, new, NOW - 100)
        assert round_id is not None
        canary.set_issue(db, round_id, CANARY.number)
    _live(ledger, is_canary=True)
    with ledger.write() as db:
        for _ in range(2):  # a step may come twice, and counts once
            canary.end(db, round_id, CanaryResult.FAILED, "the agent failed", NOW)
            canary.end_clean(db, round_id, NOW)


def test_every_family_is_written_by_what_happens(ledger: Ledger) -> None:
    _live(ledger)
    _round(ledger)
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


def test_the_canary_moves_no_number_but_its_own(ledger: Ledger) -> None:
    _live(ledger)
    before = _numbers(ledger)
    _round(ledger)
    with ledger.read() as db:
        own = {family: queries.totals_of(db, family) for family in (families.CANARY_RUNS, families.CANARY_COST)}
        assert queries.canary_standing(db).consecutive_failures == 1
    assert [(dict(one.labels), one.value) for one in own[families.CANARY_RUNS]] == [({"result": "failed"}, 1)]
    assert [(dict(one.labels), one.value) for one in own[families.CANARY_COST]] == [({"agent": "claude"}, 0.5)]
    assert _numbers(ledger) == before


def test_what_the_canary_costs_is_counted_though_its_round_never_ends(ledger: Ledger) -> None:
    _live(ledger, is_canary=True)
    _live(ledger, is_canary=True, is_dry_run=True)
    with ledger.read() as db:
        found = [(dict(one.labels), one.value) for one in queries.totals_of(db, families.CANARY_COST)]
        assert found == [({"agent": "claude"}, 1.0)]
        assert queries.totals_of(db, families.AGENT_COST) == ()


def test_a_canary_that_waits_or_works_is_in_no_queue(ledger: Ledger) -> None:
    before = _numbers(ledger)
    for number, is_released in ((3, False), (4, True)):
        with ledger.write() as db:
            new = runs.NewRun(
                ref=IssueRef(CANARY.repository, number), title="", priority=Priority.CRITICAL, issue_created_at=0.0,
                discovered_at=NOW, branch="auto-fix/issue-3", sequence=1, requested_by="poll", is_canary=True,
            )  # fmt: skip
            run_id = runs.queue(db, new, NOW)
            if is_released:
                runs.release(db, run_id, "host-a", NOW)
                runs.start(db, run_id, "host-a", NOW)
    assert _numbers(ledger) == before


def _numbers(ledger: Ledger) -> dict[str, object]:
    """Ask everything that sums up work: what the exporter shows, and every query about a period."""
    with ledger.read() as db:
        snapshot = queries.read_snapshot(db)
        totals = {name: total for name, total in snapshot.totals.items() if not name.startswith("aip_canary_")}
        shown = replace(snapshot, totals=totals, canary=CanaryStanding(), size_bytes=None)
        found: dict[str, object] = {"snapshot": shown}
        for name in queries.__all__:
            query = getattr(queries, name)
            arguments = tuple(inspect.signature(query).parameters) if inspect.isfunction(query) else ()
            if arguments[:3] == ("db", "start", "end"):
                found[name] = query(db, 0.0, NOW + 1, *([100] if arguments[3:] == ("limit",) else []))
        found["dead_letters"] = queries.dead_letters(db)
        found["mean_duration_seconds"] = queries.mean_duration_seconds(db)
        for by in ("", "priority", "repository", "error", "phase"):
            found[f"durations {by}"] = list(queries.durations(db, None, by))
            found[f"longest {by}"] = queries.longest_work(db, None, by, 100)
    assert len(found) > 20
    return found

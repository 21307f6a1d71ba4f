"""What the ledger says of a closed period; PostgreSQL repeats these tests."""

from datetime import UTC, datetime

import pytest

from processor.ledger import endings, incidents, progress, pull_requests, queries, runs
from processor.ledger.connection import Ledger
from processor.ledger.incidents import AlertNotice, AlertStatus
from processor.model import Band, CiState, IssueRef, Outcome, Phase, Priority, PullRequest, Reviews, ReviewState, Usage

REPOSITORY = "octo/hello"
START, END = 1_000_000.0, 1_086_400.0


def _run(
    ledger: Ledger, ended_at: float, worked: float = 40.0, outcome: Outcome = Outcome.SUCCESS, *,
    issue: int = 7, is_dry_run: bool = False, cost: float | None = None,
) -> str:  # fmt: skip
    """Have a run that prepared for a quarter of its time, and whose agent took the rest."""
    new = runs.NewRun(
        ref=IssueRef(REPOSITORY, issue), title="Greet", priority=Priority.LOW, issue_created_at=1.0, discovered_at=1.0,
        branch="auto-fix/issue-7", sequence=1, requested_by="poll", is_dry_run=is_dry_run,
    )  # fmt: skip
    began = ended_at - worked
    is_bad = outcome in {Outcome.ERROR, Outcome.TIMEOUT}
    with ledger.write() as db:
        run_id = runs.queue(db, new, began - 9)
        runs.release(db, run_id, "host-a", began)
        runs.start(db, run_id, "host-a", began)
        progress.start_attempt(db, run_id, 1, began)
        for phase, start, end in ((Phase.PREPARE, 0.0, 0.25), (Phase.AGENT, 0.25, 1.0)):
            progress.start_phase(db, run_id, 1, phase, began + start * worked)
            progress.end_phase(db, run_id, phase, "ok", began + end * worked, attempt=1, is_counted=not is_dry_run)
        progress.record_usage(db, run_id, 1, "claude", Usage(cost_dollars=cost), is_counted=not is_dry_run)
        endings.finish(db, run_id, endings.Ending(outcome=outcome, error_type="git" if is_bad else None), ended_at)
    return run_id


def _summary(ledger: Ledger, start: float = START, end: float = END) -> queries.PeriodSummary:
    with ledger.read() as db:
        return queries.period_summary(db, start, end)


def test_an_empty_period_has_no_mean_and_no_cost(ledger: Ledger) -> None:
    assert _summary(ledger) == queries.NOTHING


def test_a_period_begins_with_its_start_and_ends_before_its_end(ledger: Ledger) -> None:
    for at in (START - 0.001, START, END - 0.001, END):
        _run(ledger, at)
    assert _summary(ledger).runs == {("low", "success"): 2}
    assert _summary(ledger, END, END + 1).runs == {("low", "success"): 1}


def test_nothing_took_less_than_no_time_when_the_clocks_of_two_hosts_differ(ledger: Ledger) -> None:
    """One began the run by a clock that is ahead of the other's, who ended it; the totals say the same."""
    _run(ledger, START + 50, -0.5)
    _run(ledger, START + 50, 8.0, issue=8)
    found = _summary(ledger)
    assert (found.work_seconds, found.mean_seconds, found.longest_seconds) == (8.0, 4.0, 8.0)
    assert found.phase_seconds == {"prepare": 2.0, "agent": 6.0}
    with ledger.read() as db:
        assert [one.seconds for one in queries.longest_runs(db, START, END, 5)] == [8.0, 0.0]
        assert sorted(one.seconds for one in queries.processed_runs(db, START, END)) == [0.0, 8.0]
        assert sorted(dict(queries.durations(db, None, ""))[""]) == [0.0, 8.0]
        assert queries.mean_duration_seconds(db) == 4.0
        seconds = queries.totals_of(db, queries.families.RUN_DURATION)
        assert sum(total.value for total in seconds if total.part == "sum") == 8.0


def test_bands_are_under_60_up_to_300_and_over_300_seconds(ledger: Ledger) -> None:
    for worked in (0.0, 59.5, 60.0, 300.0, 300.5, 4000.0):
        _run(ledger, START + 5, worked)
    found = _summary(ledger)
    assert found.bands == {Band.FAST: 2, Band.MEDIUM: 2, Band.SLOW: 2}
    assert found.work_seconds == pytest.approx(4720)
    assert found.mean_seconds == pytest.approx(4720 / 6)
    assert found.longest_seconds == pytest.approx(4000)


def test_times_are_of_processed_runs_and_money_of_all_and_a_dry_run_is_nothing(ledger: Ledger) -> None:
    _run(ledger, START + 5, 100.0, Outcome.TIMEOUT, cost=0.25)
    _run(ledger, START + 6, 20.0, Outcome.REJECTED)
    _run(ledger, START + 7, 900.0, Outcome.CANCELLED, cost=0.5)
    _run(ledger, START + 8, 900.0, is_dry_run=True, cost=64.0)
    found = _summary(ledger)
    assert found.runs == {("low", "timeout"): 1, ("low", "rejected"): 1, ("low", "cancelled"): 1}
    assert found.errors == {"git": 1}
    assert found.bands == {Band.FAST: 1, Band.MEDIUM: 1, Band.SLOW: 0}
    assert found.phase_seconds == {"prepare": pytest.approx(30), "agent": pytest.approx(90)}
    assert found.cost_dollars == 0.75


def test_a_phase_counts_in_every_attempt(ledger: Ledger) -> None:
    run_id = _run(ledger, START - 5, outcome=Outcome.CANCELLED)
    assert _summary(ledger).phase_seconds == {}
    again = _run(ledger, START + 50, issue=8)
    with ledger.write() as db:
        for one in (run_id, again):
            progress.start_phase(db, one, 2, Phase.AGENT, START + 1)
            progress.end_phase(db, one, Phase.AGENT, "ok", START + 3, attempt=2, is_counted=True)
            progress.start_phase(db, one, 3, Phase.AGENT, START + 4)
    assert _summary(ledger).phase_seconds == {"prepare": pytest.approx(10), "agent": pytest.approx(32)}


def test_reported_nothing_is_something_else_than_no_dollar(ledger: Ledger) -> None:
    _run(ledger, START)
    assert _summary(ledger).cost_dollars is None
    _run(ledger, START, cost=0.0)
    assert _summary(ledger).cost_dollars == 0


def _closed(ledger: Ledger, number: int, at: float, *, is_merged: bool = False, is_open: bool = False) -> None:
    moment = datetime.fromtimestamp(at, UTC)
    pull = PullRequest(
        repository=REPOSITORY, number=number, url="", title="", body="", head_branch=f"auto-fix/issue-{number}",
        head_sha="a" * 40, head_repository=REPOSITORY, base_branch="main", is_open=is_open, is_draft=False,
        is_merged=is_merged, created_at=datetime.fromtimestamp(START - 9, UTC),
        merged_at=moment if is_merged else None, closed_at=None if is_open else moment,
    )  # fmt: skip
    with ledger.write() as db:
        run = queries.recent_runs(db, 1)[0]
        pull_requests.record_opened(db, run, pull, at)
        pull_requests.record_follow_up(db, pull, Reviews(ReviewState.NONE), CiState.NONE, at)


def test_pull_requests_count_when_people_merged_or_closed_them(ledger: Ledger) -> None:
    _run(ledger, START)
    for number, at in enumerate((START - 1, START, END - 1, END)):
        _closed(ledger, number, at, is_merged=True)
    _closed(ledger, 10, START + 7)
    _closed(ledger, 11, START + 7, is_open=True)
    with ledger.read() as db:
        assert queries.pull_requests_closed_between(db, START, END) == {"merged": 2, "closed": 1}
    _closed(ledger, 10, START + 9, is_open=True)
    _closed(ledger, 10, END, is_merged=True)
    with ledger.read() as db:
        assert queries.pull_requests_closed_between(db, START, END) == {"merged": 2}
        assert queries.pull_requests_closed_between(db, END, END + 1) == {"merged": 2}


def test_incidents_count_when_they_began_and_the_watchdog_is_none(ledger: Ledger) -> None:
    with ledger.write() as db:
        for alert, at in (("AipDown", START - 1), ("AipDown", START), ("AipDown", END), ("Watchdog", START)):
            notice = AlertNotice(
                fingerprint=alert, alert=alert, severity="critical", labels={}, annotations={},
                status=AlertStatus.FIRING, starts_at=at, ends_at=None,
            )  # fmt: skip
            incidents.record(db, notice, at + 30)
        assert queries.incidents_between(db, START, END) == {("AipDown", "critical"): 1}

"""What the ledger keeps of a run, and what it refuses."""

import threading
from dataclasses import replace

import pytest

from processor.errors import LedgerError
from processor.ledger import endings, families, progress, queries, runs, totals
from processor.ledger.connection import Ledger
from processor.model import IssueRef, Outcome, Phase, Priority, RunState, Usage

REF = IssueRef("octo/hello", 7)


def new_run(ref: IssueRef = REF, priority: Priority = Priority.MEDIUM, created_at: float = 10.0) -> runs.NewRun:
    return runs.NewRun(
        ref=ref,
        title="Fix the greeting",
        priority=priority,
        issue_created_at=created_at,
        discovered_at=90.0,
        branch=f"auto-fix/issue-{ref.number}",
        sequence=1,
        requested_by="poll",
    )


def queue(ledger: Ledger, run: runs.NewRun | None = None) -> str:
    with ledger.write() as db:
        return runs.queue(db, run or new_run(), 100.0)


def test_a_second_active_run_of_an_issue_is_refused(ledger: Ledger) -> None:
    queue(ledger)
    with pytest.raises(runs.TakenAlready, match="octo/hello#7 has an active run already"):
        queue(ledger)


def test_what_the_ledger_cannot_keep_is_not_taken_for_a_second_run(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="title"):
        queue(ledger, replace(new_run(), title=None))  # type: ignore[arg-type]  # as no issue can be


def test_of_many_writers_at_once_exactly_one_gets_the_issue(ledger: Ledger) -> None:
    barrier = threading.Barrier(8)
    refused: list[runs.TakenAlready] = []

    def contend() -> None:
        barrier.wait()
        try:
            queue(ledger)
        except runs.TakenAlready as exc:
            refused.append(exc)

    threads = [threading.Thread(target=contend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.read() as db:
        assert len(queries.backlog(db)) == 1
    assert len(refused) == 7


def test_a_finished_issue_may_be_queued_again(ledger: Ledger) -> None:
    first = queue(ledger)
    with ledger.write() as db:
        endings.finish(db, first, endings.Ending(outcome=Outcome.REJECTED), 130.0)
    assert queue(ledger) != first


def test_an_outcome_told_twice_counts_once(ledger: Ledger) -> None:
    run_id = queue(ledger)
    ending = endings.Ending(outcome=Outcome.ERROR, error_type="git", phase=Phase.PREPARE)
    with ledger.write() as db:
        runs.release(db, run_id, "host-a", 101.0)
        runs.start(db, run_id, "host-a", 102.0)
        assert endings.finish(db, run_id, ending, 112.0)
        assert not endings.finish(db, run_id, ending, 200.0)
        counted = queries.totals_of(db, families.RUNS)
        errors = queries.totals_of(db, families.ERRORS)
        run = runs.get(db, run_id)
    assert [(row.labels["outcome"], row.value) for row in counted] == [("error", 1.0)]
    assert [(row.labels, row.value) for row in errors] == [({"phase": "prepare", "error_type": "git"}, 1.0)]
    assert run.duration_seconds == 10.0


def test_a_dry_run_moves_no_total(ledger: Ledger) -> None:
    with ledger.write() as db:
        run_id = runs.queue(db, runs.NewRun(**{**new_run().__dict__, "is_dry_run": True}), 100.0)
        runs.start(db, run_id, "host-a", 102.0)
        endings.finish(db, run_id, endings.Ending(outcome=Outcome.SUCCESS), 112.0)
        assert queries.totals_of(db, families.RUNS) == ()
        assert queries.totals_of(db, families.QUEUE_WAIT) == ()


def test_a_cancelled_run_is_counted_but_not_as_processed_time(ledger: Ledger) -> None:
    run_id = queue(ledger)
    with ledger.write() as db:
        endings.finish(db, run_id, endings.Ending(outcome=Outcome.CANCELLED), 112.0)
        assert [row.labels["outcome"] for row in queries.totals_of(db, families.RUNS)] == ["cancelled"]
        assert queries.totals_of(db, families.RUN_DURATION) == ()


def test_the_backlog_is_ordered_by_priority_then_age(ledger: Ledger) -> None:
    wanted = [
        (4, Priority.CRITICAL, 50.0),
        (3, Priority.HIGH, 20.0),
        (2, Priority.HIGH, 30.0),
        (9, Priority.MEDIUM, 1.0),
        (1, Priority.LOW, 0.0),
    ]
    for number, priority, created_at in reversed(wanted):
        queue(ledger, new_run(IssueRef("octo/hello", number), priority, created_at))
    with ledger.read() as db:
        assert [run.ref.number for run in queries.backlog(db)] == [4, 3, 2, 9, 1]


def test_only_one_service_releases_a_run(ledger: Ledger) -> None:
    run_id = queue(ledger)
    with ledger.write() as db:
        assert runs.release(db, run_id, "host-a", 101.0)
        assert not runs.release(db, run_id, "host-b", 101.0)
        assert runs.get(db, run_id).state is RunState.RUNNING


def test_the_heir_of_a_dead_service_gets_its_active_runs(ledger: Ledger) -> None:
    run_id = queue(ledger)
    with ledger.write() as db:
        runs.release(db, run_id, "host-a", 101.0)
        assert runs.take_over(db, "host-a", "host-b") == (run_id,)
        assert runs.get(db, run_id).executed_by == "host-b"


def test_a_phase_that_ends_twice_is_observed_once(ledger: Ledger) -> None:
    run_id = queue(ledger)
    with ledger.write() as db:
        progress.start_attempt(db, run_id, 1, 100.0)
        progress.start_phase(db, run_id, 1, Phase.AGENT, 100.0)
        for end in (140.0, 150.0):
            progress.end_phase(db, run_id, Phase.AGENT, "ok", end, attempt=1, is_counted=True)
        observed = {row.part: row.value for row in queries.totals_of(db, families.PHASE_DURATION)}
    assert observed == {"le:60": 1.0, "sum": 40.0}


def test_usage_that_the_agent_did_not_tell_stays_unknown(ledger: Ledger) -> None:
    run_id = queue(ledger)
    spent = Usage(input_tokens=120, output_tokens=None, cost_dollars=0.25)
    with ledger.write() as db:
        for _ in range(2):
            progress.record_usage(db, run_id, 1, "claude", spent, is_counted=True)
        assert queries.usage_of_run(db, run_id) == (spent,)
        tokens = {row.labels["direction"]: row.value for row in queries.totals_of(db, families.AGENT_TOKENS)}
        cost = [row.value for row in queries.totals_of(db, families.AGENT_COST)]
    assert tokens == {"input": 120.0}
    assert cost == [0.25]


def test_concurrent_additions_to_a_total_are_all_there(ledger: Ledger) -> None:
    def add_many() -> None:
        for _ in range(25):
            with ledger.write() as db:
                totals.add(db, families.RETRIES, {"phase": "agent"})

    threads = [threading.Thread(target=add_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.read() as db:
        assert [row.value for row in queries.totals_of(db, families.RETRIES)] == [100.0]


def test_a_prefix_with_wildcards_finds_nothing_else(ledger: Ledger) -> None:
    queue(ledger)
    with ledger.read() as db:
        assert len(queries.runs_by_prefix(db, "7-")) == 1
        assert queries.runs_by_prefix(db, "%") == ()

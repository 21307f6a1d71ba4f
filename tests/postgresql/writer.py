"""One of several processes that all write the same things at the same moment: writer URL STATE-FOLDER NAME RUN-ID..."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from processor.ledger import endings, families, issues, operators, progress, runs, services, totals
from processor.ledger.connection import Ledger, open_ledger
from processor.model import CheckReport, CheckResult, GateReport, Issue, IssueRef, Outcome, Phase, Priority, Usage
from processor.settings.sections import State


def main() -> None:
    url, folder, name, *run_ids = sys.argv[1:]
    ledger = open_ledger(State(directory=Path(folder), database_url=url), sys.stdin.readline().strip() or None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for run_id in run_ids:
        write_a_run(ledger, run_id, name)
    queue_new_issues(ledger)
    ledger.close()


def write_a_run(ledger: Ledger, run_id: str, name: str) -> None:
    with ledger.write() as db:
        runs.release(db, run_id, name, 10.0)
    with ledger.write() as db:
        runs.start(db, run_id, name, 20.0)
        progress.start_attempt(db, run_id, 1, 20.0)
    for phase in Phase:
        with ledger.write() as db:
            progress.start_phase(db, run_id, 1, phase, 20.0)
        with ledger.write() as db:
            progress.end_phase(db, run_id, phase, "ok", 21.0, attempt=1, is_counted=True)
    with ledger.write() as db:
        progress.record_usage(db, run_id, 1, "claude", Usage(input_tokens=7, cost_dollars=0.5), is_counted=True)
        progress.record_gate(db, run_id, report(), "{}", built_in=frozenset({"syntax"}), is_counted=True)
        progress.end_attempt(db, run_id, 1, 22.0, phase=Phase.GATE, retry_after_seconds=1.0)
    with ledger.write() as db:
        endings.finish(db, run_id, endings.Ending(outcome=Outcome.SUCCESS), 30.0)
        totals.add(db, families.PULL_REQUESTS_CLOSED, {"repository": "octo/hello", "result": "merged"})


def report() -> GateReport:
    check = CheckReport(name="syntax", result=CheckResult.PASSED, is_required=True, weight=1, score=100, summary="")
    return GateReport(passed=True, score=100, risk=0, minimum_score=70, security_threshold=5, checks=(check,))


def queue_new_issues(ledger: Ledger) -> None:
    for number in range(1000, 1010):
        ref = IssueRef("octo/hello", number)
        try:
            with ledger.write() as db:
                seen = issues.see(db, issue(ref), Priority.LOW, 5.0)
                issues.skip(db, ref, "locked")
                issues.note_poll(db, "octo/hello", 5.0)
                act = operators.Act(actor="me", action="pause", target="all")
                operators.set_control(db, operators.PAUSED, True, act, 5.0)
                services.note_rate_limit(db, "core", limit=5000, remaining=1, reset_at=9.0, now=5.0)
                runs.queue(db, new_run(ref, seen), 5.0)
        except runs.TakenAlready:
            continue


def issue(ref: IssueRef) -> Issue:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return Issue(
        ref=ref,
        title="Fix the greeting",
        body="",
        labels=("auto-processable",),
        author="octo",
        author_association="OWNER",
        assignees=(),
        is_locked=False,
        is_open=True,
        is_pull_request=False,
        created_at=made,
        updated_at=made,
        url="",
    )


def new_run(ref: IssueRef, seen: float) -> runs.NewRun:
    return runs.NewRun(
        ref=ref,
        title="Fix the greeting",
        priority=Priority.LOW,
        issue_created_at=1.0,
        discovered_at=seen,
        branch=f"auto-fix/issue-{ref.number}",
        sequence=1,
        requested_by="poll",
    )


if __name__ == "__main__":
    main()

"""Write a run: queued, released, started, and its results; `endings` has its one outcome."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from processor.errors import ProcessorError, UsageError
from processor.ledger import families, totals
from processor.ledger.records import SELECT_RUNS, RunRecord, change_from_row
from processor.ledger.schema import issues, runs
from processor.model import AgentResult, Change, IssueRef, Phase, Priority, RunState

# Made once: they are asked dozens of times in a run, and making one takes longer than its answer.
_BY_ID = SELECT_RUNS.where(runs.c.run_id == bindparam("run_id"))
_CHANGE_BY_ID: Select[Any] = select(
    runs.c.base_commit, runs.c.patch, runs.c.changed_files, runs.c.added_lines, runs.c.removed_lines
).where(runs.c.run_id == bindparam("run_id"))

#: What PostgreSQL and SQLite call the index that lets an issue have one active run.
_ONE_ACTIVE_RUN = ("one_active_run_per_issue", "runs.repository, runs.issue")


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """What is known of a run when it joins the queue."""

    ref: IssueRef
    title: str
    priority: Priority
    issue_created_at: float
    discovered_at: float
    branch: str
    sequence: int
    requested_by: str
    previous_pull_request: int | None = None
    is_dry_run: bool = False
    is_forced: bool = False
    is_canary: bool = False


class TakenAlready(ProcessorError):
    """Somebody else was first: the issue is being processed, was processed meanwhile, or is to be taken back."""


def queue(db: Connection, run: NewRun, now: float) -> str:
    """Put a run into the queue and return its id.

    Raises:
        TakenAlready: the issue has an active run; the unique index decides, whoever came first.
    """
    run_id = f"{run.ref.number}-{secrets.token_hex(4)}"
    try:
        db.execute(
            insert(runs).values(
                run_id=run_id,
                repository=run.ref.repository,
                issue=run.ref.number,
                sequence=run.sequence,
                title=run.title,
                priority=run.priority,
                priority_rank=run.priority.rank,
                issue_created_at=run.issue_created_at,
                branch=run.branch,
                state=RunState.QUEUED,
                is_dry_run=run.is_dry_run,
                is_forced=run.is_forced,
                is_canary=run.is_canary,
                requested_by=run.requested_by,
                previous_pull_request=run.previous_pull_request,
                discovered_at=run.discovered_at,
                queued_at=now,
            )
        )
    except IntegrityError as exc:
        if not any(name in str(exc.orig) for name in _ONE_ACTIVE_RUN):
            raise
        raise TakenAlready(f"{run.ref} has an active run already; see `aip queue show {run.ref}`") from exc
    db.execute(
        update(issues)
        .where(issues.c.repository == run.ref.repository, issues.c.number == run.ref.number)
        .values(skip_reason=None, is_waiting_for_operator=False)
    )
    return run_id


def release(db: Connection, run_id: str, instance: str, now: float) -> bool:
    """Hand a queued run to the engine of one service; False when another service was first."""
    released = db.execute(
        update(runs)
        .where(runs.c.run_id == run_id, runs.c.state == RunState.QUEUED)
        .values(state=RunState.RUNNING, released_at=now, released_by=instance)
    )
    return released.rowcount > 0


def start(db: Connection, run_id: str, instance: str, now: float) -> None:
    """Record the first moment of work, once, and how long the issue waited for it."""
    run = get(db, run_id)
    db.execute(update(runs).where(runs.c.run_id == run_id).values(executed_by=instance))
    if run.started_at is not None:
        return
    db.execute(update(runs).where(runs.c.run_id == run_id).values(started_at=now))
    if run.is_counted:
        totals.observe(
            db,
            families.QUEUE_WAIT,
            {"priority": run.priority},
            max(0.0, now - run.queued_at),
            totals.Exemplar(run_id, now),
        )


def get(db: Connection, run_id: str) -> RunRecord:
    """Read one run.

    Raises:
        UsageError: there is no such run.
    """
    row = db.execute(_BY_ID, {"run_id": run_id}).first()
    if row is None:
        raise UsageError(f"there is no run {run_id}; `aip queue list --all` shows every run")
    return RunRecord.from_row(row)


def set_base(db: Connection, run_id: str, branch: str, commit: str) -> None:
    """Record the exact commit that the change starts from."""
    db.execute(update(runs).where(runs.c.run_id == run_id).values(base_branch=branch, base_commit=commit))


def set_agent_result(db: Connection, run_id: str, result: AgentResult) -> None:
    """Record which agent worked and its own words."""
    db.execute(update(runs).where(runs.c.run_id == run_id).values(agent=result.agent, agent_summary=result.summary))


def set_change(db: Connection, run_id: str, change: Change) -> None:
    """Keep the agent's result as a value."""
    db.execute(
        update(runs)
        .where(runs.c.run_id == run_id)
        .values(
            base_commit=change.base_commit,
            patch=change.patch,
            changed_files=json.dumps(change.files),
            added_lines=change.added_lines,
            removed_lines=change.removed_lines,
        )
    )


def get_change(db: Connection, run_id: str) -> Change | None:
    """Read the agent's result back."""
    return change_from_row(db.execute(_CHANGE_BY_ID, {"run_id": run_id}).one())


def set_phase(db: Connection, run_id: str, phase: Phase | None) -> None:
    """Record where the run is."""
    db.execute(update(runs).where(runs.c.run_id == run_id).values(phase=phase))


def set_commit(db: Connection, run_id: str, sha: str) -> None:
    """Record the commit before it is pushed, so that a later look knows it as ours."""
    db.execute(update(runs).where(runs.c.run_id == run_id).values(commit_sha=sha))


def set_pull_request(db: Connection, run_id: str, number: int, url: str) -> None:
    """Record the pull request that this run made or found as its own."""
    db.execute(update(runs).where(runs.c.run_id == run_id).values(pull_request=number, pull_request_url=url))


def set_announced(db: Connection, run_id: str, now: float) -> bool:
    """Record that everybody knows how the run ended; False when another service was first."""
    marked = db.execute(
        update(runs).where(runs.c.run_id == run_id, runs.c.announced_at.is_(None)).values(announced_at=now)
    )
    return marked.rowcount > 0


def request_cancel(db: Connection, run_id: str, actor: str, now: float) -> None:
    """Ask a run to stop; the first request is kept."""
    db.execute(
        update(runs)
        .where(runs.c.run_id == run_id, runs.c.cancel_requested_at.is_(None), runs.c.state != RunState.FINISHED)
        .values(cancel_requested_at=now, cancel_requested_by=actor)
    )


def next_sequence(db: Connection, ref: IssueRef) -> int:
    """Tell the number of the next branch of this issue: one more than the highest that reached a pull request."""
    highest = db.execute(
        select(func.max(runs.c.sequence)).where(
            runs.c.repository == ref.repository, runs.c.issue == ref.number, runs.c.pull_request.is_not(None)
        )
    ).scalar()
    return (highest or 0) + 1


def take_over(db: Connection, dead: str, heir: str) -> tuple[str, ...]:
    """Make the active runs of a dead service those of another, and return them."""
    holder = func.coalesce(runs.c.executed_by, runs.c.released_by)
    taken = db.execute(
        update(runs)
        .where(runs.c.state == RunState.RUNNING, holder == dead)
        .values(released_by=heir, executed_by=heir)
        .returning(runs.c.run_id)
    )
    return tuple(taken.scalars())

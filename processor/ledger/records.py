"""Rows of the ledger as frozen values."""

import json
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Row, Select, select

from processor.ledger.schema import runs
from processor.model import Change, IssueRef, Outcome, Phase, Priority, RunState


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One run as it stands. Times are seconds since the epoch; None means that it has not happened."""

    run_id: str
    ref: IssueRef
    sequence: int
    title: str
    priority: Priority
    issue_created_at: float
    branch: str
    state: RunState
    phase: Phase | None
    is_dry_run: bool
    is_forced: bool
    is_canary: bool
    requested_by: str
    previous_pull_request: int | None
    discovered_at: float
    queued_at: float
    released_at: float | None
    started_at: float | None
    finished_at: float | None
    released_by: str | None
    executed_by: str | None
    cancel_requested_at: float | None
    cancel_requested_by: str | None
    attempts: int
    agent: str | None
    base_commit: str | None
    base_branch: str | None
    commit_sha: str | None
    gate_passed: bool | None
    gate_score: float | None
    agent_summary: str | None
    pull_request: int | None
    pull_request_url: str | None
    outcome: Outcome | None
    error_type: str | None
    error_message: str | None
    is_dead_letter: bool

    @classmethod
    def from_row(cls, row: Row[Any]) -> Self:
        """Read a row of `SELECT_RUNS`."""
        columns = dict(row._mapping)  # SQLAlchemy's documented name for the row as a mapping
        named = {name: columns[name] for name in _PLAIN_FIELDS}
        return cls(
            ref=IssueRef(columns["repository"], columns["issue"]),
            priority=Priority(columns["priority"]),
            state=RunState(columns["state"]),
            phase=Phase(columns["phase"]) if columns["phase"] else None,
            outcome=Outcome(columns["outcome"]) if columns["outcome"] else None,
            **named,
        )

    @property
    def is_counted(self) -> bool:
        """Whether it moves the totals of real work; a dry run and a run of the canary do not."""
        return not (self.is_dry_run or self.is_canary)

    @property
    def duration_seconds(self) -> float | None:
        """Seconds of work, from the start of the first phase to the outcome."""
        if self.started_at is None or self.finished_at is None:
            return None
        return max(0.0, self.finished_at - self.started_at)  # the clocks of two hosts may differ


_CONVERTED = {"ref", "priority", "state", "phase", "outcome"}
_PLAIN_FIELDS = tuple(name for name in RunRecord.__dataclass_fields__ if name not in _CONVERTED)
#: Starts every query for runs; the bulky columns (patch, gate report) are read where they are needed.
SELECT_RUNS: Select[Any] = select(
    *(runs.c[name] for name in (*_PLAIN_FIELDS, "repository", "issue", *sorted(_CONVERTED - {"ref"})))
)


def change_from_row(row: Row[Any]) -> Change | None:
    """Read the agent's result; None when the agent phase has not ended well yet."""
    if row.patch is None:
        return None
    return Change(
        base_commit=row.base_commit,
        patch=row.patch,
        files=tuple(json.loads(row.changed_files)),
        added_lines=row.added_lines,
        removed_lines=row.removed_lines,
    )

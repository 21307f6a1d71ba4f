"""A SQLite ledger that looks as if so many issues had been processed, with the totals that belong to them.

Rows are written by one statement a table: a service would take weeks.
"""

import time
from bisect import bisect_left
from collections import Counter
from pathlib import Path

from sqlalchemy import Connection, insert, text

from processor.ledger.connection import open_ledger
from processor.ledger.queries import families
from processor.ledger.schema import totals
from processor.ledger.totals import canonical
from processor.settings.sections import State

REPOSITORY = "octo/large"
_SPREAD_SECONDS = 400 * 86_400
#: One run in ten fails and is retried by the next one; one in a thousand stays given up.
_RUNS = """
INSERT INTO runs (
    run_id, repository, issue, sequence, title, priority, priority_rank, issue_created_at, branch, state, phase,
    is_dry_run, is_forced, requested_by, discovered_at, queued_at, released_at, started_at, finished_at,
    released_by, executed_by, attempts, outcome, error_type, error_message, is_dead_letter, pull_request
)
WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < :runs)
SELECT
    'run-' || k, :repository, CASE WHEN k % 10 = 1 AND k % 1000 <> 1 THEN k - 1 ELSE k END, 1, 'Greet the world',
    CASE k % 4 WHEN 0 THEN 'critical' WHEN 1 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END, k % 4, :start,
    'auto-fix/issue-' || k, 'finished', 'publish', 0, 0, 'poll',
    :start + k * :step, :start + k * :step + 1, :start + k * :step + 2, :start + k * :step + 3,
    :start + k * :step + 3 + k % 500, 'bench', 'bench', 1,
    CASE WHEN k % 10 = 0 THEN 'error' ELSE 'success' END, CASE WHEN k % 10 = 0 THEN 'agent_exit' END,
    CASE WHEN k % 10 = 0 THEN 'it broke' END, k % 10 = 0, CASE WHEN k % 10 <> 0 THEN k END
FROM n
"""
_PULL_REQUESTS = """
INSERT INTO pull_requests (
    repository, number, run_id, issue, branch, head_sha, url, state, review_state, ci_state, created_at, merged_at,
    looked_at
)
SELECT
    repository, pull_request, run_id, issue, branch, '', '', CASE WHEN pull_request > :runs - 20 THEN 'open'
    ELSE 'merged' END, 'none', 'success', finished_at, finished_at + 3600, finished_at
FROM runs WHERE pull_request IS NOT NULL
"""


def make_large_ledger(folder: Path, runs: int) -> State:
    """Make a ledger of so many finished runs, spread over 400 days that end now."""
    state = State(directory=folder)
    ledger = open_ledger(state)
    now = time.time()
    values = {"runs": runs, "repository": REPOSITORY, "start": now - _SPREAD_SECONDS, "step": _SPREAD_SECONDS / runs}
    with ledger.write() as db:
        db.execute(text(_RUNS), values)
        db.execute(text(_PULL_REQUESTS), values)
        _write_totals(db, now)
    ledger.close()
    return state


def _write_totals(db: Connection, now: float) -> None:
    """Count what was written as the service would have."""
    counted = db.exec_driver_sql("SELECT priority, outcome, count(*) FROM runs GROUP BY 1, 2").all()
    rows = [
        _row(families.RUNS, {"repository": REPOSITORY, "priority": priority, "outcome": outcome}, "", count)
        for priority, outcome, count in counted
    ]
    worked = "CAST(round(finished_at - started_at) AS integer)"
    seconds = db.exec_driver_sql(f"SELECT outcome, {worked}, count(*) FROM runs GROUP BY 1, 2").all()  # noqa: S608
    parts: Counter[tuple[str, str]] = Counter()
    for outcome, duration, count in seconds:
        bounds = families.BUCKETS[families.RUN_DURATION]
        place = bisect_left(bounds, duration)
        parts[outcome, "le:+Inf" if place == len(bounds) else f"le:{bounds[place]:g}"] += count
        parts[outcome, "sum"] += count * duration
    for (outcome, part), value in parts.items():
        seen = {"exemplar_run": "run-1", "exemplar_value": 1.0, "exemplar_at": now} if part != "sum" else {}
        rows.append({**_row(families.RUN_DURATION, {"outcome": outcome}, part, value), **seen})
    for row in rows:
        db.execute(insert(totals).values(**row))


def _row(family: str, labels: dict[str, str], part: str, value: float) -> dict[str, object]:
    return {"family": family, "labels": canonical(labels), "part": part, "value": value}

"""A SQLite ledger that looks as if so many issues had been processed, with the totals that belong to them.

Rows are written by one statement a table: a service would take weeks.
"""

import math
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from processor.errors import ErrorType
from processor.ledger.connection import open_ledger
from processor.ledger.queries import families
from processor.ledger.schema import totals
from processor.ledger.totals import canonical
from processor.model import CheckResult, Phase, Priority, SkipReason
from processor.settings.sections import BuiltInChecks, State

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
    """Write a number for every counter, bucket and sum there can be: the most that a scrape has to read.

    Those of runs and their durations are counted from the rows above.
    """
    counted = db.exec_driver_sql("SELECT priority, outcome, count(*) FROM runs GROUP BY 1, 2").all()
    rows = [
        _row(families.RUNS, {"repository": REPOSITORY, "priority": priority, "outcome": outcome}, "", count)
        for priority, outcome, count in counted
    ]
    worked = "CAST(round(finished_at - started_at) AS integer)"
    seconds = db.exec_driver_sql(f"SELECT outcome, {worked}, count(*) FROM runs GROUP BY 1, 2").all()  # noqa: S608
    parts: Counter[tuple[str, str]] = Counter()
    for outcome, duration, count in seconds:
        parts[outcome, _bucket(families.RUN_DURATION, duration)] += count
        parts[outcome, "sum"] += count * duration
    rows += [_row(families.RUN_DURATION, {"outcome": outcome}, part, n) for (outcome, part), n in parts.items()]
    rows += _of_everything_else()
    seen = {"exemplar_run": "run-1", "exemplar_value": 1.0, "exemplar_at": now}
    db.execute(
        insert(totals), [{**dict.fromkeys(seen), **row, **(seen if "le:" in row["part"] else {})} for row in rows]
    )


def _of_everything_else() -> Iterator[dict[str, Any]]:
    counters: tuple[tuple[str, Mapping[str, Iterable[str]]], ...] = (
        (families.ERRORS, {"phase": Phase, "error_type": ErrorType}),
        (families.RETRIES, {"phase": Phase}),
        (families.ISSUES_SKIPPED, {"reason": SkipReason}),
        (families.GATE_RESULTS, {"check": [*BuiltInChecks.model_fields, "custom"], "result": CheckResult}),
        (families.AGENT_TOKENS, {"agent": ["claude"], "direction": families.TOKEN_DIRECTIONS}),
    )
    for family, labels in counters:
        for values in product(*labels.values()):
            yield _row(family, dict(zip(labels, map(str, values), strict=True)), "", 7)
    histograms: tuple[tuple[str, Mapping[str, Iterable[str]]], ...] = (
        (families.ISSUE_LATENCY, {"priority": Priority}),
        (families.QUEUE_WAIT, {"priority": Priority}),
        (families.PHASE_DURATION, {"phase": Phase}),
        (families.GATE_SCORE, {}),
        (families.MERGE_TIME, {}),
    )
    for family, labels in histograms:
        for values in product(*labels.values()):
            named = dict(zip(labels, map(str, values), strict=True))
            for value in (*families.BUCKETS[family], math.inf):
                yield _row(family, named, _bucket(family, value), 7)
            yield _row(family, named, "sum", 7)


def _bucket(family: str, value: float) -> str:
    bounds = families.BUCKETS[family]
    place = bisect_left(bounds, value)
    return "le:+Inf" if place == len(bounds) else f"le:{bounds[place]:g}"


def _row(family: str, labels: dict[str, str], part: str, value: float) -> dict[str, Any]:
    return {"family": family, "labels": canonical(labels), "part": part, "value": value}

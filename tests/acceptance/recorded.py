"""What the ledger holds, by plain SQL: what its single records add up to, and the totals that it keeps."""

import json
import math
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

from processor.ledger.families import BUCKETS, TOKEN_DIRECTIONS
from tests.acceptance.monitored import Series

#: A column for each label, then the count.
_COUNTED = {
    "aip_runs_total": (
        "SELECT repository, priority, outcome, count(*) FROM runs WHERE state = 'finished' GROUP BY 1, 2, 3"
    ),
    "aip_errors_total": (
        "SELECT phase, error_type, count(*) FROM runs WHERE outcome IN ('error', 'timeout') GROUP BY phase, error_type"
    ),
    "aip_retries_total": (
        "SELECT phase, count(*) FROM attempts JOIN phases"
        " ON phases.run_id = attempts.run_id AND attempt = number AND result = error_type"
        " WHERE retry_after_seconds IS NOT NULL GROUP BY phase"
    ),
    "aip_quality_gate_results_total": "SELECT name AS 'check', result, count(*) FROM checks GROUP BY name, result",
    "aip_pull_requests_created_total": "SELECT repository, count(*) FROM pull_requests GROUP BY repository",
    "aip_pull_requests_closed_total": (
        "SELECT repository, state AS result, count(*) FROM pull_requests WHERE state <> 'open' GROUP BY 1, 2"
    ),
    "aip_agent_tokens_total": " UNION ALL ".join(
        f"SELECT agent, '{direction}' AS direction, sum({direction}_tokens) FROM usage"  # noqa: S608  # our own words
        f" WHERE {direction}_tokens IS NOT NULL GROUP BY agent"
        for direction in TOKEN_DIRECTIONS
    ),
    "aip_agent_cost_dollars_total": (
        "SELECT agent, sum(cost_dollars) FROM usage WHERE cost_dollars IS NOT NULL GROUP BY agent"
    ),
}
#: A column for each label, then one observed value.
_OBSERVED = {
    "aip_run_duration_seconds": "SELECT outcome, finished_at - started_at FROM runs WHERE outcome <> 'cancelled'",
    "aip_issue_latency_seconds": "SELECT priority, finished_at - discovered_at FROM runs WHERE outcome <> 'cancelled'",
    "aip_issue_queue_wait_seconds": "SELECT priority, started_at - queued_at FROM runs WHERE started_at IS NOT NULL",
    "aip_phase_duration_seconds": "SELECT phase, ended_at - started_at FROM phases WHERE ended_at IS NOT NULL",
    "aip_quality_gate_score_ratio": "SELECT gate_score / 100 FROM runs WHERE gate_score IS NOT NULL",
    "aip_pull_request_merge_seconds": "SELECT merged_at - created_at FROM pull_requests WHERE merged_at IS NOT NULL",
}
FAMILIES = (*_COUNTED, *(f"{name}_{part}" for name in _OBSERVED for part in ("bucket", "count", "sum")))


def recorded(ledger: Path) -> dict[Series, float]:
    """Count runs, attempts, phases, checks and pull requests, and put what was measured into buckets."""
    found: dict[Series, float] = {}
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        for name, query in _COUNTED.items():
            for labels, value in _rows(db, query):
                found[name, labels] = value
        for name, query in _OBSERVED.items():
            observed = defaultdict(list)
            for labels, value in _rows(db, query):
                observed[labels].append(value)
            for labels, values in observed.items():
                found |= _histogram(name, labels, values)
    return {series: value for series, value in found.items() if value}


def kept_sums(ledger: Path) -> dict[Series, float]:
    """Read the sums of the histograms as they are kept: the last digit depends on the order of additions."""
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT family, labels, value FROM totals WHERE part = 'sum' AND value <> 0").fetchall()
    return {(f"{family}_sum", frozenset(json.loads(labels).items())): value for family, labels, value in rows}


def _rows(db: sqlite3.Connection, query: str) -> list[tuple[frozenset[tuple[str, str]], float]]:
    cursor = db.execute(query)
    names = [column[0] for column in cursor.description[:-1]]
    return [(frozenset(zip(names, row[:-1], strict=True)), row[-1]) for row in cursor]


def _histogram(name: str, labels: frozenset[tuple[str, str]], values: list[float]) -> dict[Series, float]:
    edges = [*map(float, BUCKETS[name]), math.inf]
    buckets = {(f"{name}_bucket", labels | {("le", repr(edge))}): sum(v <= edge for v in values) for edge in edges}
    return buckets | {(f"{name}_count", labels): len(values), (f"{name}_sum", labels): math.fsum(values)}

"""What the counters and histograms of the exporter have to be: one row of plain SQL for each thing that happened."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client.utils import floatToGoString
from sqlalchemy import Connection

from processor.ledger.families import BUCKETS
from tests.agreement.exposition import Samples, sample
from tests.agreement.plain_sql import COUNTED, FAILED, PHASE, PROCESSED, WORKED, rows

_ENDED = f"FROM runs WHERE finished_at IS NOT NULL AND {COUNTED}"
_BEGUN = f"FROM runs WHERE started_at IS NOT NULL AND {COUNTED}"
_IMPORTED = "FROM imported_runs WHERE counted_at IS NOT NULL"
_CLAIM = "CASE claimed WHEN 'success' THEN 'success' ELSE 'error' END"
_PHASES = f"FROM phases JOIN runs ON runs.run_id = phases.run_id WHERE {COUNTED}"
_USAGE = f"FROM usage JOIN runs ON runs.run_id = usage.run_id WHERE {COUNTED}"
_TRIED_AGAIN = (
    "FROM attempts JOIN phases ON phases.run_id = attempts.run_id AND phases.attempt = attempts.number"
    " JOIN runs ON runs.run_id = attempts.run_id"
    f" WHERE retry_after_seconds IS NOT NULL AND phases.result = attempts.error_type AND {COUNTED}"
)
#: Each counter by name and labels, with the statements that give an amount for each thing that counts.
_COUNTERS = {
    ("aip_runs_total", "repository", "priority", "outcome"): (
        f"SELECT repository, priority, outcome, 1 {_ENDED}",
        f"SELECT repository, coalesce(priority, 'medium'), {_CLAIM}, 1 {_IMPORTED}",
    ),
    ("aip_errors_total", "phase", "error_type"): (
        f"SELECT coalesce(phase, 'prepare'), error_type, 1 {_ENDED} AND {FAILED}",
        f"SELECT 'publish', 'other', 1 {_IMPORTED} AND claimed = 'error'",
    ),
    ("aip_retries_total", "phase"): (f"SELECT phases.phase, 1 {_TRIED_AGAIN}",),
    ("aip_pull_requests_created_total", "repository"): ("SELECT repository, 1 FROM pull_requests",),
    ("aip_agent_cost_dollars_total", "agent"): (f"SELECT usage.agent, coalesce(cost_dollars, 0) {_USAGE}",),
    ("aip_agent_tokens_total", "agent", "direction"): tuple(
        f"SELECT usage.agent, '{direction}', coalesce({direction}_tokens, 0) {_USAGE}"
        for direction in ("input", "cache_read", "cache_write", "output", "reasoning")
    ),
}
#: Each histogram by name and labels, with the statements that give a value for each observation.
_HISTOGRAMS = {
    ("aip_run_duration_seconds", "outcome"): (
        f"SELECT outcome, {WORKED} {_ENDED} AND {PROCESSED}",
        f"SELECT {_CLAIM}, seconds {_IMPORTED} AND seconds IS NOT NULL",
    ),
    ("aip_issue_latency_seconds", "priority"): (
        f"SELECT priority, finished_at - discovered_at {_ENDED} AND {PROCESSED}",
    ),
    ("aip_issue_queue_wait_seconds", "priority"): (f"SELECT priority, started_at - queued_at {_BEGUN}",),
    ("aip_phase_duration_seconds", "phase"): (f"SELECT phases.phase, {PHASE} {_PHASES} AND ended_at IS NOT NULL",),
    ("aip_pull_request_merge_seconds",): (
        "SELECT merged_at - created_at FROM pull_requests WHERE merged_at IS NOT NULL",
    ),
}
NAMES = frozenset(
    (*(name for name, *_ in _COUNTERS),
     *(f"{name}_{part}" for name, *_ in _HISTOGRAMS for part in ("bucket", "count", "sum")))
)  # fmt: skip


def counters(db: Connection) -> Samples:
    """Say what they are now; what is 0 is left out."""
    found: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    for (name, *labels), statements in _COUNTERS.items():
        for *values, amount in _all(db, statements):
            found[sample(name, **dict(zip(labels, values, strict=True)))] += amount
    for (name, *labels), statements in _HISTOGRAMS.items():
        for *values, seconds in _all(db, statements):
            named = dict(zip(labels, values, strict=True))
            found[sample(f"{name}_count", **named)] += 1
            found[sample(f"{name}_sum", **named)] += seconds
            for bound in (*map(float, BUCKETS[name]), float("inf")):
                found[sample(f"{name}_bucket", le=floatToGoString(bound), **named)] += seconds <= bound
    return {key: float(value) for key, value in found.items() if value}


def _all(db: Connection, statements: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    for statement in statements:
        yield from rows(db, statement)

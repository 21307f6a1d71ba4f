"""Tell which sightings are of one and the same run: the database, the logs and the JSON file all saw it. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from processor.ledger.imports import Claim, ImportedRun

#: How far apart two files note the same moment at most: each of them wrote at its own step of the work.
_TOLERANCE_SECONDS: Final = 120.0
#: Which source knows most, the best first.
_SOURCES: Final = ("metrics_db", "log", "csv_export", "reopened", "processing_json")


def same_runs(runs: Iterable[ImportedRun]) -> dict[str, str | None]:
    """Give, for every sighting, the one that stands for its run; None for that one itself.

    One that is in the totals already goes on standing for its run. A source never saw a run twice.
    """
    by_issue: defaultdict[tuple[str, int], list[ImportedRun]] = defaultdict(list)
    for run in runs:
        by_issue[run.repository, run.issue].append(run)
    return {identity: same for found in by_issue.values() for identity, same in _of_issue(found).items()}


def _of_issue(runs: list[ImportedRun]) -> dict[str, str | None]:
    standing: list[tuple[ImportedRun, set[str]]] = []
    stands_for: dict[str, str | None] = {}
    for run in sorted(runs, key=_rank):
        near = [(_distance(run, other), other, sources) for other, sources in standing if run.source not in sources]
        near = [entry for entry in near if entry[0] <= _TOLERANCE_SECONDS and run.counted_at is None]
        if near:
            _, other, sources = min(near, key=lambda entry: (entry[0], entry[1].identity))
            sources.add(run.source)
            stands_for[run.identity] = other.identity
        else:
            standing.append((run, {run.source}))
            stands_for[run.identity] = None
    return stands_for


def _rank(run: ImportedRun) -> tuple[bool, bool, int, float, str]:
    at = run.started_at if run.started_at is not None else run.finished_at or 0.0
    return run.counted_at is None, run.claimed is Claim.UNKNOWN, _SOURCES.index(run.source), at, run.identity


def _distance(one: ImportedRun, other: ImportedRun) -> float:
    """Give the seconds between two sightings; 0 when one falls into the other, infinite when a time is unknown."""
    first, second = _span(one), _span(other)
    if first is None or second is None:
        return float("inf")
    return max(0.0, first[0] - second[1], second[0] - first[1])


def _span(run: ImportedRun) -> tuple[float, float] | None:
    times = [at for at in (run.started_at, run.finished_at) if at is not None]
    return (min(times), max(times)) if times else None

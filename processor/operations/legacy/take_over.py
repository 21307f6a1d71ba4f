"""Write into the ledger what was found."""

from collections.abc import Mapping

from processor.ledger import imports, operators
from processor.ledger.connection import Ledger
from processor.ledger.imports import Compared, ImportedRun, Verdict
from processor.ledger.operators import Act
from processor.operations.legacy.findings import Findings
from processor.operations.legacy.same_runs import same_runs


def look(ledger: Ledger | None, findings: Findings) -> Compared:
    """Tell what would be new, and write nothing; None for a ledger that is not there yet."""
    runs, records = list(findings.runs.values()), list(findings.records.values())
    if ledger is None:
        return imports.compare(None, runs, records)
    with ledger.read() as db:
        return imports.compare(db, runs, records)


def take_over(ledger: Ledger, findings: Findings, act: Act, now: float) -> Compared:
    """Keep what is new, in one transaction, and work out again which sightings are of the same run."""
    with ledger.write() as db:
        compared = imports.compare(db, list(findings.runs.values()), list(findings.records.values()))
        if compared.is_news:
            imports.keep(db, compared, now)
            kept = imports.every_run(db)
            stands_for = same_runs(kept)
            imports.link(db, {run.identity: stands_for[run.identity] for run in kept if _is_changed(run, stands_for)})
            operators.record(db, act, now)
    return compared


def _is_changed(run: ImportedRun, stands_for: Mapping[str, str | None]) -> bool:
    return run.same_as != stands_for[run.identity]


def runs_taken_over(ledger: Ledger) -> tuple[ImportedRun, ...]:
    """Read every sighting that was taken over."""
    with ledger.read() as db:
        return imports.every_run(db)


def note_verdict(ledger: Ledger, run: ImportedRun, verdict: Verdict, act: Act, now: float) -> bool:
    """Keep what GitHub showed, at once, so that a long look that breaks off is not lost.

    Args:
        act: recorded where totals change by it.

    Returns:
        Whether the run was in the totals as something else, and is right there now.
    """
    with ledger.write() as db:
        is_corrected = imports.set_verdict(db, run.identity, verdict, now)
        if is_corrected:
            operators.record(db, act, now)
    return is_corrected


def count(ledger: Ledger, act: Act, now: float) -> int:
    """Add the runs that are not in the totals yet to them, and tell how many."""
    with ledger.write() as db:
        counted = imports.count_into_totals(db, now)
        if counted:
            operators.record(db, act, now)
    return counted

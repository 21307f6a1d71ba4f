"""Write what is taken over from the original system, and, when asked, count it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select, update

from processor.ledger import families, totals
from processor.ledger.restoration import begin_counters_anew
from processor.ledger.schema import imported_records, imported_runs
from processor.model import Outcome, Phase, Priority

_AT_ONCE: Final = 500
_Item = TypeVar("_Item")


class Claim(StrEnum):
    """How the original system said that a run ended; it is a claim, for nothing there was looked up on GitHub."""

    SUCCESS = "success"
    ERROR = "error"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"  #: it was started, and nothing says how it ended


class Verdict(StrEnum):
    """What GitHub shows of a claimed success; the last three are claims that are false."""

    MERGED = "merged"
    OPEN = "open"
    CLOSED = "closed"
    ABSENT = "absent"  #: there is no such pull request
    OTHER = "other"  #: the pull request is about something else
    UNNAMED = "unnamed"  #: none was claimed, and none is there for the issue

    @property
    def is_false(self) -> bool:
        """Whether the claim is refuted."""
        return self in {Verdict.ABSENT, Verdict.OTHER, Verdict.UNNAMED}


@dataclass(frozen=True, kw_only=True)
class ImportedRun:
    """One sighting of a run. Times are seconds of the epoch; None where the source does not tell.

    `identity` follows from what the source says, not from where it was found, so that the same is never taken twice.
    `same_as` is the identity of the sighting that stands for the run, None for that one itself.
    """

    identity: str
    source: str
    place: str
    repository: str
    issue: int
    claimed: Claim
    title: str = ""
    priority: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
    seconds: float | None = None
    error_message: str | None = None
    pull_request: int | None = None
    pull_request_url: str | None = None
    same_as: str | None = None
    verdict: Verdict | None = None
    counted_at: float | None = None


@dataclass(frozen=True, kw_only=True)
class ImportedRecord:
    """Anything else that a file told; `content` is its JSON object as text, secrets masked."""

    identity: str
    kind: str
    place: str
    at: float | None
    issue: int | None
    pull_request: int | None
    content: str


FIELDS: Final = tuple(ImportedRun.__dataclass_fields__)
#: What we found out about a sighting, which no file tells.
_OURS: Final = frozenset({"identity", "same_as", "verdict", "counted_at"})


def every_run(db: Connection) -> tuple[ImportedRun, ...]:
    """Read every sighting, oldest first."""
    at = func.coalesce(imported_runs.c.started_at, imported_runs.c.finished_at)
    rows = db.execute(select(*(imported_runs.c[name] for name in FIELDS)).order_by(at, imported_runs.c.identity))
    return tuple(_run(row._mapping) for row in rows)  # SQLAlchemy's documented name


@dataclass(frozen=True)
class Compared:
    """What was found, beside what is there already."""

    new_runs: tuple[ImportedRun, ...]
    completed_runs: tuple[ImportedRun, ...]  #: their end was unknown, and is known now
    known_runs: int
    new_records: tuple[ImportedRecord, ...]
    known_records: int

    @property
    def is_news(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.new_runs or self.completed_runs or self.new_records)


def compare(db: Connection | None, runs: Sequence[ImportedRun], records: Sequence[ImportedRecord]) -> Compared:
    """Tell what is new; with None for a ledger that is not there yet, everything is."""
    known = {} if db is None else {run.identity: run for run in every_run(db)}
    known_records = set() if db is None else set(db.execute(select(imported_records.c.identity)).scalars())
    new = tuple(run for run in runs if run.identity not in known)
    completed = tuple(run for run in runs if _tells_more(run, known.get(run.identity)))
    new_records = tuple(record for record in records if record.identity not in known_records)
    return Compared(
        new_runs=new,
        completed_runs=completed,
        known_runs=len(runs) - len(new) - len(completed),
        new_records=new_records,
        known_records=len(records) - len(new_records),
    )


def keep(db: Connection, compared: Compared, now: float) -> None:
    """Write what is new; a run whose end was unknown takes the end that is known now."""
    for runs in _parts(compared.new_runs):
        db.execute(insert(imported_runs), [{**vars(run), "imported_at": now} for run in runs])
    for records in _parts(compared.new_records):
        db.execute(insert(imported_records), [{**vars(record), "imported_at": now} for record in records])
    for run in compared.completed_runs:
        told = {name: value for name, value in vars(run).items() if name not in _OURS}
        db.execute(update(imported_runs).where(imported_runs.c.identity == run.identity).values(**told))


def link(db: Connection, stands_for: Mapping[str, str | None]) -> None:
    """Note which sighting stands for which."""
    changed = (
        update(imported_runs).where(imported_runs.c.identity == bindparam("changed")).values(same_as=bindparam("by"))
    )
    for part in _parts(list(stands_for.items())):
        db.execute(changed, [{"changed": identity, "by": same_as} for identity, same_as in part])


def set_verdict(db: Connection, identity: str, verdict: Verdict, now: float) -> bool:
    """Note what GitHub shows; True when the totals have the run already and were put right by it."""
    this = imported_runs.c.identity == identity
    run = _run(db.execute(select(*(imported_runs.c[name] for name in FIELDS)).where(this)).one()._mapping)
    db.execute(update(imported_runs).where(this).values(verdict=verdict, verified_at=now))
    judged = replace(run, verdict=verdict)
    if run.counted_at is None or _outcome(run) is _outcome(judged):
        return False
    _count(db, run, -1)
    _count(db, judged)
    begin_counters_anew(db, now)
    return True


def count_into_totals(db: Connection, now: float) -> int:
    """Add the runs that were not counted yet to the never-reset totals, and tell how many.

    A claim that GitHub refuted counts as an error; what was skipped or has no end is left out. The totals jump, so
    their created time becomes now: nothing before can be compared with them.
    """
    runs = [run for run in every_run(db) if run.same_as is None and run.counted_at is None and _outcome(run)]
    for run in runs:
        _count(db, run)
    for part in _parts(runs):
        counted = imported_runs.c.identity.in_([run.identity for run in part])
        db.execute(update(imported_runs).where(counted).values(counted_at=now))
    if runs:
        begin_counters_anew(db, now)
    return len(runs)


def _count(db: Connection, run: ImportedRun, times: int = 1) -> None:
    outcome = _outcome(run)
    labels = {"repository": run.repository, "priority": run.priority or Priority.MEDIUM, "outcome": str(outcome)}
    totals.add(db, families.RUNS, labels, times)
    if outcome is Outcome.ERROR:
        totals.add(db, families.ERRORS, {"phase": Phase.PUBLISH, "error_type": "other"}, times)
    if run.seconds is not None:
        totals.observe(db, families.RUN_DURATION, {"outcome": str(outcome)}, run.seconds, times=times)


def _outcome(run: ImportedRun) -> Outcome | None:
    if run.claimed is Claim.SUCCESS:
        return Outcome.ERROR if run.verdict is not None and run.verdict.is_false else Outcome.SUCCESS
    return Outcome.ERROR if run.claimed is Claim.ERROR else None


def _tells_more(run: ImportedRun, known: ImportedRun | None) -> bool:
    return known is not None and known.claimed is Claim.UNKNOWN and run.claimed is not Claim.UNKNOWN


def _run(columns: Any) -> ImportedRun:
    run = ImportedRun(**{name: columns[name] for name in FIELDS})
    verdict = None if run.verdict is None else Verdict(run.verdict)
    return replace(run, claimed=Claim(run.claimed), verdict=verdict)


def _parts(items: Sequence[_Item]) -> Iterable[Sequence[_Item]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))

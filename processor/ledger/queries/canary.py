"""Read the rounds of the canary."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from sqlalchemy import Connection, Select, func, or_, select

from processor.ledger.schema import canary_rounds
from processor.model import CANARY_FAILURES, CanaryResult, IssueRef

#: More failures in a row than these are not counted: the number is an alarm long before.
_MOST_CONSECUTIVE: Final = 1000


@dataclass(frozen=True, kw_only=True)
class CanaryRound:
    """One round as it stands. Times are seconds since the epoch; None means that it has not happened."""

    round_id: str
    repository: str
    requested_by: str
    begun_at: float
    deadline_at: float
    sent_at: float | None
    issue: int | None
    pull_request: int | None
    trouble: str | None
    result: CanaryResult | None
    reason: str | None
    ended_at: float | None
    cleaned_at: float | None

    @property
    def ref(self) -> IssueRef | None:
        """The issue; None until it was made."""
        return None if self.issue is None else IssueRef(self.repository, self.issue)


@dataclass(frozen=True, kw_only=True)
class CanaryStanding:
    """What the rounds that ended say; a round without a verdict is no failure and ends no row of them."""

    consecutive_failures: int = 0
    last_success_at: float | None = None
    last_end_at: float | None = None


_FIELDS: Final = tuple(CanaryRound.__dataclass_fields__)
_ROUNDS: Final = select(*(canary_rounds.c[name] for name in _FIELDS))
_NEWEST: Final = canary_rounds.c.begun_at.desc(), canary_rounds.c.round_id


def canary_round(db: Connection, round_id: str) -> CanaryRound:
    """Read one round, which is there."""
    return _rounds(db, _ROUNDS.where(canary_rounds.c.round_id == round_id))[0]


def canary_rounds_recent(db: Connection, limit: int) -> tuple[CanaryRound, ...]:
    """Read the last rounds, newest first."""
    return _rounds(db, _ROUNDS.order_by(*_NEWEST).limit(limit))


def canary_rounds_unfinished(db: Connection, since: float) -> tuple[CanaryRound, ...]:
    """Read the rounds of which something is left to do, oldest first; not what ended before `since`.

    Those of a sandbox that was replaced too.
    """
    is_recent = or_(canary_rounds.c.ended_at.is_(None), canary_rounds.c.ended_at >= since)
    return _rounds(
        db, _ROUNDS.where(canary_rounds.c.cleaned_at.is_(None), is_recent).order_by(canary_rounds.c.begun_at)
    )


def canary_rounds_known(db: Connection, round_ids: Iterable[str]) -> frozenset[str]:
    """Tell which of these ids are those of rounds that the ledger has."""
    wanted = select(canary_rounds.c.round_id).where(canary_rounds.c.round_id.in_(tuple(round_ids)))
    return frozenset(db.execute(wanted).scalars())


def last_canary_begun_at(db: Connection, repository: str, before: float) -> float | None:
    """Tell when the last round of a sandbox before a time began; None when there was none."""
    here = (func.lower(canary_rounds.c.repository) == repository.lower(), canary_rounds.c.begun_at < before)
    found: float | None = db.execute(select(func.max(canary_rounds.c.begun_at)).where(*here)).scalar()
    return found


def canary_repositories(db: Connection) -> tuple[str, ...]:
    """List the repositories that were ever a sandbox."""
    return tuple(db.execute(select(canary_rounds.c.repository).distinct()).scalars())


def is_canary_issue(db: Connection, ref: IssueRef) -> bool:
    """Tell whether we made an issue ourselves."""
    here = (canary_rounds.c.repository == ref.repository, canary_rounds.c.issue == ref.number)
    return db.execute(select(canary_rounds.c.round_id).where(*here)).first() is not None


def is_canary_over(db: Connection, ref: IssueRef) -> bool:
    """Tell whether an issue is one of ours whose round has its result: it is about to be taken back."""
    here = (canary_rounds.c.repository == ref.repository, canary_rounds.c.issue == ref.number)
    over = select(canary_rounds.c.round_id).where(*here, canary_rounds.c.ended_at.is_not(None))
    return db.execute(over).first() is not None


def canary_standing(db: Connection) -> CanaryStanding:
    """Sum up the rounds that ended."""
    ended = select(canary_rounds.c.result).where(canary_rounds.c.ended_at.is_not(None))
    verdicts = ended.where(canary_rounds.c.result != CanaryResult.HELD).order_by(canary_rounds.c.ended_at.desc())
    results = db.execute(verdicts.limit(_MOST_CONSECUTIVE)).scalars()
    last_end = select(func.max(canary_rounds.c.ended_at))
    return CanaryStanding(
        consecutive_failures=sum(1 for _ in takewhile(CANARY_FAILURES.__contains__, results)),
        last_success_at=db.execute(last_end.where(canary_rounds.c.result == CanaryResult.SUCCESS)).scalar(),
        last_end_at=db.execute(last_end).scalar(),
    )


def _rounds(db: Connection, wanted: Select[tuple[object, ...]]) -> tuple[CanaryRound, ...]:
    rows = ({name: getattr(row, name) for name in _FIELDS} for row in db.execute(wanted))
    return tuple(
        CanaryRound(**row | {"result": CanaryResult(row["result"]) if row["result"] else None}) for row in rows
    )

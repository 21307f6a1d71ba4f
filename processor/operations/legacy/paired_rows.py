"""Make runs of rows that come in pairs: one when a run starts, one when it ends. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from processor.ledger.imports import Claim

_CLAIMS = {"completed": Claim.SUCCESS, "failed": Claim.ERROR, "skipped": Claim.SKIPPED}
STATUSES = ("started", *_CLAIMS)


@dataclass(frozen=True, kw_only=True)
class StatusRow:
    """One row, of the database or of its export; `status` is one of STATUSES, `at` seconds of the epoch."""

    line: int
    at: float
    issue: int
    status: str
    title: str = ""
    priority: str | None = None
    seconds: float | None = None
    error_message: str | None = None
    pull_request_url: str | None = None


@dataclass(frozen=True)
class Pair:
    """A run: its first row, and its last one, None when nothing says how it ended; one of them is always there."""

    start: StatusRow | None
    end: StatusRow | None

    @property
    def row(self) -> StatusRow:
        """The row that tells most."""
        found = self.end or self.start
        assert found is not None  # noqa: S101  # a pair of nothing is never made
        return found

    @property
    def claimed(self) -> Claim:
        """What the rows say of the end."""
        return Claim.UNKNOWN if self.end is None else _CLAIMS[self.end.status]

    @property
    def started_at(self) -> float | None:
        """When it began; counted back from the end where no row says so."""
        if self.start is not None:
            return self.start.at
        return None if self.end is None or self.end.seconds is None else self.end.at - self.end.seconds


def pairs(rows: Iterable[StatusRow]) -> Iterator[Pair]:
    """Pair the rows of each issue in the order of their times: an end belongs to the last start before it."""
    open_: dict[int, StatusRow] = {}
    for row in sorted(rows, key=lambda row: (row.issue, row.at, row.status != "started", row.line)):
        if row.status == "started":
            if row.issue in open_:
                yield Pair(open_[row.issue], None)
            open_[row.issue] = row
        else:
            yield Pair(open_.pop(row.issue, None), row)
    for row in open_.values():
        yield Pair(row, None)

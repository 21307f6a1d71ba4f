"""How many more pull requests a repository may get: until the cap of open ones, and within this hour."""

from dataclasses import dataclass

from sqlalchemy import Connection

from processor.ledger import queries
from processor.settings.sections import Publish

_HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Room:
    """What is left of both caps; 0 or less lets nothing start."""

    open_left: int
    hour_left: int

    @property
    def left(self) -> int:
        """The tighter of the two."""
        return min(self.open_left, self.hour_left)


def room_of(db: Connection, repository: str, caps: Publish, now: float) -> Room:
    """Tell what is left; a run that is active may yet open a pull request and is counted as if it had."""
    active = queries.active_runs_in(db, repository)
    standing = len(queries.open_pull_requests(db, repository))
    recent = queries.pull_requests_opened_since(db, repository, now - _HOUR_SECONDS)
    return Room(
        open_left=caps.max_open_pull_requests - standing - active,
        hour_left=caps.max_pull_requests_per_hour - recent - active,
    )

"""The rounds of the canary in the month: one every four hours, most of them well."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import Connection

from processor.ledger import canary, families, totals
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.model import CanaryResult
from tests.grafana.month.calendar import HOUR, NOW, START
from tests.grafana.month.scenes import Act

SANDBOX = "octo/sandbox"
EVERY = 4 * HOUR
_ELSE = {7: CanaryResult.FAILED, 23: CanaryResult.TIMEOUT, 41: CanaryResult.HELD}


def acts_of_rounds() -> Iterator[tuple[float, Act]]:
    """Give the begin and the end of each round with its time."""
    for number in range(int((NOW - START) / EVERY)):
        moment = START + number * EVERY
        yield moment + 90, partial(_make, _ELSE.get(number % 50, CanaryResult.SUCCESS))


def _make(result: CanaryResult, db: Connection, now: float) -> None:
    new = NewRound(repository=SANDBOX, requested_by=BY_THE_CLOCK, time_limit_seconds=1800)
    round_id = canary.begin(db, new, now - 90)
    assert round_id is not None
    canary.end(db, round_id, result, "", now)
    canary.end_clean(db, round_id, now)
    # What the agent of the round says that it cost; the month has no runs of the canary.
    totals.add(db, families.CANARY_COST, {"agent": "claude"}, 0.03)

"""Rounds of the canary on PostgreSQL: one of several services begins one, one at a time has it."""

import threading

from processor.ledger import canary, families, queries
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.ledger.connection import Ledger, unopened_ledger
from processor.model import CanaryResult, IssueRef
from processor.settings.sections import State

NEW = NewRound(repository="octo/sandbox", requested_by=BY_THE_CLOCK, time_limit_seconds=600)


def test_of_several_services_one_begins_a_round(ledger: Ledger, state: State, password: str) -> None:
    services = [ledger, *(unopened_ledger(state, password) for _ in range(3))]
    gate, begun = threading.Barrier(len(services)), []

    def begin(place: int) -> None:
        gate.wait()
        with services[place].write() as db:
            begun.append(canary.begin_if_due(db, NEW, 3600, 1000.0))

    threads = [threading.Thread(target=begin, args=(place,)) for place in range(len(services))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in services[1:]:
        other.close()
    assert sum(round_id is not None for round_id in begun) == 1


def test_a_round_is_held_by_one_service_counted_once_and_taken_over(ledger: Ledger) -> None:
    with ledger.write() as db:
        round_id = canary.begin(db, NEW, 1000.0)
        assert round_id is not None
        assert canary.hold(db, round_id, "host-a", 1000.0, 300)
        assert canary.hold(db, round_id, "host-a", 1001.0, 300)
        assert not canary.hold(db, round_id, "host-b", 1300.0, 300)
        assert canary.hold(db, round_id, "host-b", 1302.0, 300)
        canary.set_issue(db, round_id, 7)
        assert canary.end(db, round_id, CanaryResult.SUCCESS, "", 1303.0)
        assert not canary.end(db, round_id, CanaryResult.FAILED, "", 1304.0)
        canary.end_clean(db, round_id, 1305.0)
    with ledger.read() as db:
        assert [(one.labels["result"], one.value) for one in queries.totals_of(db, families.CANARY_RUNS)] == [
            ("success", 1.0)
        ]
        assert queries.is_canary_issue(db, IssueRef("octo/sandbox", 7))
        assert queries.canary_rounds_unfinished(db, 0.0) == ()
        assert queries.canary_round(db, round_id).result is CanaryResult.SUCCESS

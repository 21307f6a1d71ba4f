"""Rounds of the canary on PostgreSQL: one of several services begins one, one at a time has it."""

import threading
from pathlib import Path

from processor.ledger import canary, families, queries
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.ledger.connection import Ledger, unopened_ledger
from processor.model import CanaryResult, IssueRef
from processor.settings.sections import State
from tests.operations.canary.stage import SANDBOX, sandbox

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


def test_a_round_goes_on_whichever_service_dies_in_it(ledger: Ledger, tmp_path: Path) -> None:
    with sandbox(tmp_path, ledger) as stage:
        faults = stage.forge.faults
        faults.add("drop", "create_issue", when="after")
        stage.service("host-a").look()  # it dies before it knows of its issue
        stage.clock.now += 301
        stage.service("host-b").look()
        assert (stage.round().issue, len(stage.forge.issues(SANDBOX))) == (1, 1)
        stage.work(*stage.poll())  # and host-b before it knows how the run ended
        stage.service("host-c").look()
        assert stage.round().result is None
        stage.clock.now += 301
        refused = faults.add("status", "update_issue", status=503, times=1000)
        heir = stage.service("host-c")
        heir.look()
        heir.look()  # and host-c while it takes everything back
        assert (stage.round().result, stage.open_issues()) == (CanaryResult.SUCCESS, [1])
        faults.remove(refused.id)
        stage.clock.now += 301
        stage.service("host-d").look()
        assert stage.round().cleaned_at == stage.clock.now
        assert (stage.open_issues(), list(stage.forge.branches(SANDBOX))) == ([], ["main"])
        with ledger.read() as db:
            assert [(one.labels["result"], one.value) for one in queries.totals_of(db, families.CANARY_RUNS)] == [
                ("success", 1.0)
            ]

"""What a service says of itself, in whatever order its words arrive."""

from processor.ledger import services
from processor.ledger.connection import Ledger

NOW = 1_770_000_000.0
RECORD = services.ServiceRecord(
    instance="host-a", host="here", pid=1, url="http://127.0.0.1:9", state="running", started_at=NOW, heartbeat_at=NOW
)


def test_a_beat_that_comes_after_the_last_word_brings_no_service_back(ledger: Ledger) -> None:
    with ledger.write() as db:
        services.announce(db, RECORD)
        services.beat(db, "host-a", services.STOPPED, NOW + 1)
        services.beat(db, "host-a", "draining", NOW + 2)
        assert not services.is_any_alive(db, NOW + 2)


def test_a_new_start_does(ledger: Ledger) -> None:
    with ledger.write() as db:
        services.announce(db, RECORD)
        services.beat(db, "host-a", services.STOPPED, NOW + 1)
        services.announce(db, RECORD)
        services.beat(db, "host-a", "running", NOW + 2)
        assert services.is_any_alive(db, NOW + 2)

"""Age, size and soundness of the newest backup, as the ledger has it; and when totals moved."""

import time

from processor.ledger import backups, restoration
from processor.ledger.backups import BackupRecord

TIMESTAMP, SIZE, SOUND = "aip_backup_last_success_timestamp_seconds", "aip_backup_size_bytes", "aip_backup_sound"


def record(made_at: float, *, is_sound: bool | None = True) -> BackupRecord:
    name = f"aip-{made_at:.0f}"
    return BackupRecord(
        name=name, host="h", made_at=made_at, size_bytes=int(made_at), verified_at=made_at, is_sound=is_sound
    )


def test_before_the_first_backup_there_is_no_time_of_one(serve, scene):
    scene.finish()
    scraped = serve("backups").scrape()
    assert scraped.value("aip_backup_wanted") == 1
    assert [scraped.values(name) for name in (TIMESTAMP, SIZE, SOUND)] == [{}, {}, {}]


def test_a_newer_one_that_is_not_sound_makes_the_last_success_no_younger(serve, ledger):
    with ledger.write() as db:
        for one in (record(1000.0), record(2000.0), record(3000.0, is_sound=False)):
            backups.note(db, one)
    scraped = serve("backups").scrape()
    assert [scraped.value(name) for name in (TIMESTAMP, SIZE, SOUND)] == [2000.0, 3000.0, 0.0]


def test_a_restore_begins_the_counters_anew_and_tells_when(serve, scene, ledger):
    scene.finish()
    now = time.time() + 60
    before = serve("ledger").scrape()
    assert before.values("aip_ledger_totals_moved_timestamp_seconds") == {}
    with ledger.write() as db:
        restoration.mark_restored(db, made_at=now - 3600, now=now)
    scraped = serve("ledger").scrape()
    assert scraped.value("aip_ledger_created_timestamp_seconds") == now
    assert scraped.value("aip_ledger_totals_moved_timestamp_seconds") == now

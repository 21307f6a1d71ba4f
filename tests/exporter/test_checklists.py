"""What the newest checklists found, what was left out, and security alerts, as Prometheus sees them."""

import time
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from processor.ledger import checklists, security_alerts
from processor.ledger.checklists import Found, Signature
from processor.ledger.connection import Ledger
from processor.ledger.restoration import begin_counters_anew
from processor.ledger.schema import facts
from processor.model import Checklist, ItemStatus, Turn
from processor.settings.sections import Checklists
from tests.zones import noon_zone

QUEUE = {"checklist": "daily", "item": "queue"}


def found(ledger: Ledger, day: date, at: float, **statuses: ItemStatus) -> None:
    turn = Turn(Checklist.DAILY, "processing", day, at)
    items = [
        Found(item=name, section="processing", status=status, needs_person=name == "person", finding="{}")
        for name, status in statuses.items()
    ]
    with ledger.write() as db:
        checklists.finish_turn(db, turn, items, "a", at)


def sign(ledger: Ledger, item: str, day: date) -> None:
    with ledger.write() as db:
        checklists.sign(
            db,
            Signature(
                checklist=Checklist.DAILY, date=day, item=item, signed_at=time.time(), signed_by="hanako", note=""
            ),
        )


def test_the_newest_list_counts_and_a_failure_lasts_until_it_is_signed(serve, ledger):
    days = [date(2026, 11, day) for day in (23, 24, 25)]
    found(ledger, days[0], 100.0, queue=ItemStatus.OK)
    found(ledger, days[1], 200.0, queue=ItemStatus.FAILED)
    found(ledger, days[2], 300.0, queue=ItemStatus.FAILED, person=ItemStatus.ATTENTION, rate=ItemStatus.UNKNOWN)
    scraped = serve("checklists").scrape()
    assert scraped.value("aip_checklist_item_status", **QUEUE) == 2
    assert scraped.value("aip_checklist_item_status", checklist="daily", item="person") == 1
    assert scraped.value("aip_checklist_item_status", checklist="daily", item="rate") == 3
    assert scraped.value("aip_checklist_unsigned_failure_timestamp_seconds", **QUEUE) == 200
    assert scraped.value("aip_checklist_last_run_timestamp_seconds", checklist="daily") == 300


def test_a_signature_answers_what_needs_a_person_and_ends_the_wait(serve, ledger):
    day = date(2026, 11, 25)
    found(ledger, day, 300.0, queue=ItemStatus.FAILED, person=ItemStatus.ATTENTION)
    sign(ledger, "queue", day)
    sign(ledger, "person", day)
    scraped = serve("checklists").scrape()
    assert scraped.values("aip_checklist_unsigned_failure_timestamp_seconds") == {}
    assert scraped.value("aip_checklist_item_status", **QUEUE) == 2
    assert scraped.value("aip_checklist_item_status", checklist="daily", item="person") == 0


def test_a_failure_that_goes_on_after_it_was_signed_waits_from_the_next_list(serve, ledger):
    days = [date(2026, 11, day) for day in (23, 24, 25)]
    for place, day in enumerate(days, start=1):
        found(ledger, day, 100.0 * place, queue=ItemStatus.FAILED)
    sign(ledger, "queue", days[0])
    scraped = serve("checklists").scrape()
    assert scraped.value("aip_checklist_unsigned_failure_timestamp_seconds", **QUEUE) == 200


@pytest.fixture
def zone(office) -> ZoneInfo:
    """The installation is where no list falls due while a test runs."""
    name = noon_zone()
    office.write(timezone=name)
    return ZoneInfo(name)


def test_a_list_that_is_due_and_was_not_run_is_overdue(serve, ledger, zone):
    with ledger.write() as db:
        db.execute(facts.update().where(facts.c.key == "born_at").values(value="0"))
    now = time.time()
    turns = Checklists().newest_turns(zone, now)
    for turn in turns:
        if turn.checklist is Checklist.DAILY:
            with ledger.write() as db:
                checklists.finish_turn(db, turn, [], "a", now)
    scraped = serve("checklists").scrape()
    assert scraped.value("aip_checklist_overdue_seconds", checklist="daily") == 0
    weekly = now - min(turn.due_at for turn in turns if turn.checklist is Checklist.WEEKLY)
    assert 0 <= scraped.value("aip_checklist_overdue_seconds", checklist="weekly") - weekly < 60


@pytest.mark.usefixtures("zone")
def test_a_list_that_was_due_before_a_restore_is_overdue_still(serve, ledger):
    """The processor makes it up, as it makes up a report."""
    with ledger.write() as db:
        db.execute(facts.update().where(facts.c.key == "born_at").values(value="0"))
        begin_counters_anew(db, time.time())
    scraped = serve("checklists").scrape()
    assert min(scraped.values("aip_checklist_overdue_seconds").values()) > 0


@pytest.mark.usefixtures("zone", "ledger")
def test_a_new_ledger_is_not_overdue_and_none_is_where_lists_are_off(serve, office):
    scraped = serve("checklists").scrape()
    assert set(scraped.values("aip_checklist_overdue_seconds").values()) == {0.0}
    office.write(checklists={"enabled": False})
    assert serve("checklists").scrape().values("aip_checklist_overdue_seconds") == {}


def test_alerts_of_all_repositories_are_summed_and_what_is_not_told_is_absent(serve, ledger):
    with ledger.write() as db:
        for repository in ("octo/hello", "octo/shop"):
            security_alerts.note(db, repository, "dependabot", counts={"high": 2}, reason="", now=1.0)
        security_alerts.note(db, "octo/hello", "code_scanning", counts=None, reason="not enabled", now=1.0)
    scraped = serve("checklists").scrape()
    assert scraped.value("aip_security_alerts_open", kind="dependabot", severity="high") == 4
    assert scraped.value("aip_security_alerts_open", kind="dependabot", severity="low") == 0
    assert {dict(labels)["kind"] for labels in scraped.values("aip_security_alerts_open")} == {"dependabot"}

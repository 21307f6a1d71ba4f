"""What the checklists of the month found, and what GitHub said of security alerts."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial

from sqlalchemy import Connection

from processor.checklists.items import items_of
from processor.ledger import checklists, security_alerts
from processor.ledger.checklists import Found
from processor.model import CHECKLIST_SECTIONS, Checklist, ItemStatus, Turn
from tests.grafana.month.calendar import BAD, DAY, NOW, START, TOKYO, WEEK
from tests.grafana.month.scenes import Act

_AT = time(9, 45)


def acts_of_checklists() -> Iterator[tuple[float, Act]]:
    """Give every list of the month with its time; after the bad afternoon the success rate has failed."""
    for checklist, length in ((Checklist.DAILY, DAY), (Checklist.WEEKLY, WEEK)):
        moment = datetime.combine(datetime.fromtimestamp(START, TOKYO).date(), _AT, TOKYO).timestamp()
        while moment < NOW:
            for section in CHECKLIST_SECTIONS[checklist]:
                date = datetime.fromtimestamp(moment, TOKYO).date()
                yield moment, partial(_go_through, Turn(checklist, section, date, moment))
            yield moment, _ask_github
            moment += length


def _go_through(turn: Turn, db: Connection, now: float) -> None:
    found = [
        Found(
            item=item.name,
            section=item.section,
            status=_status(item.name, now),
            needs_person=item.name == "pull_request_quality",
            finding="{}",
        )
        for item in items_of(turn.checklist, turn.section)
    ]
    checklists.finish_turn(db, turn, found, "processor-1", now)


def _status(item: str, now: float) -> ItemStatus:
    day = int(now // DAY)
    if item in {"success_rate", "log_errors"} and now > BAD.start:
        return ItemStatus.FAILED
    if item == "failed_tests":
        return ItemStatus.UNKNOWN
    if item == "pull_request_quality" or (item == "review_backlog" and day % 4 == 0):
        return ItemStatus.ATTENTION
    return ItemStatus.OK


def _ask_github(db: Connection, now: float) -> None:
    counts = {"medium": int(now // DAY) % 3, "high": int(now > BAD.start)}
    security_alerts.note(db, "octo/hello", "dependabot", counts=counts, reason="", now=now)
    security_alerts.note(db, "octo/hello", "secret_scanning", counts={}, reason="", now=now)
    security_alerts.note(db, "octo/hello", "code_scanning", counts=None, reason="not enabled", now=now)

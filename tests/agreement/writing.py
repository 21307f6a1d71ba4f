"""Write a made-up world into a ledger, by the functions that a service writes with, in the order of time."""

from functools import partial

from sqlalchemy import Connection, update

from processor.ledger import adoption, imports, incidents
from processor.ledger.connection import Ledger
from processor.ledger.imports import Compared
from processor.ledger.incidents import AlertNotice, AlertStatus
from processor.ledger.schema import facts
from processor.model import IssueRef, Priority
from tests.agreement.happenings import REPOSITORIES, Adoption, Alert, Import, World
from tests.agreement.run_acts import RunActs, pull_request


class Writing:
    """A ledger that fills up as time goes by."""

    def __init__(self, ledger: Ledger, world: World) -> None:
        self._ledger = ledger
        with ledger.write() as db:
            db.execute(update(facts).where(facts.c.key == "born_at").values(value=repr(world.made_at)))
        acts = [act for number, run in enumerate(world.runs, 1) for act in RunActs(number, run).acts()]
        acts += [(alert.began_at + alert.told_after, partial(_tell, alert)) for alert in world.alerts]
        acts += [(found.at, partial(_adopt, number, found)) for number, found in enumerate(world.adopted, 500)]
        if world.imported is not None:
            acts.append((world.imported.at, partial(_import, world.imported)))
        self._acts = sorted(acts, key=lambda act: act[0])

    def go_on(self, until: float) -> None:
        """Write what happens before a moment."""
        with self._ledger.write() as db:
            while self._acts and self._acts[0][0] < until:
                self._acts.pop(0)[1](db)


def _tell(alert: Alert, db: Connection) -> None:
    ends_at = None if alert.lasted is None else alert.began_at + alert.lasted
    status = AlertStatus.FIRING if ends_at is None else AlertStatus.RESOLVED
    notice = AlertNotice(
        fingerprint=f"{alert.name} {alert.severity}", alert=alert.name, severity=alert.severity, labels={},
        annotations={}, starts_at=alert.began_at, status=status, ends_at=ends_at,
    )  # fmt: skip
    incidents.record(db, notice, alert.began_at + alert.told_after)


def _import(found: Import, db: Connection) -> None:
    imports.keep(db, Compared(found.runs, (), 0, (), 0), found.at)
    if found.is_counted:
        imports.count_into_totals(db, found.at)


def _adopt(number: int, adopted: Adoption, db: Connection) -> None:
    pull = pull_request(REPOSITORIES[0], number, adopted.found, opened_at=adopted.opened_at, at=adopted.at)
    found = adoption.Found(
        pull=pull, run_id=f"{number}-a", ref=IssueRef(REPOSITORIES[0], number), sequence=1, title="Greet the world",
        priority=Priority.LOW, issue_created_at=0.0,
    )  # fmt: skip
    adoption.adopt(db, found, adopted.at)

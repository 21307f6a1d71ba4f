"""Read what the services say of themselves, and which alerts fire."""

from collections.abc import Mapping
from dataclasses import dataclass

from processor.checklists.sources import Sources
from processor.ledger import operators, queries, services
from processor.ledger.services import ServiceRecord


@dataclass(frozen=True, kw_only=True)
class Services:
    """Services that should live at a moment (`now`, of the epoch); one that was stopped in good order is none."""

    now: float
    expected: tuple[ServiceRecord, ...]
    paused_by: str | None
    firing: Mapping[tuple[str, str], int]  #: alerts that go on, by name and severity
    watchdog_heard_at: float | None  #: when Alertmanager last told that its messages come through

    @property
    def hears_of_alerts(self) -> bool:
        """Tell whether an alert that fires would be known here."""
        heard = self.watchdog_heard_at
        return heard is not None and self.now - heard < queries.HEARD_FOR_SECONDS

    @property
    def alive(self) -> tuple[ServiceRecord, ...]:
        """Those that said so lately."""
        return tuple(one for one in self.expected if one.is_alive(self.now))


def read_services(sources: Sources) -> Services:
    """Read them from the ledger."""
    with sources.db() as db:
        pause = operators.get_control(db, operators.PAUSED)
        return Services(
            now=sources.now,
            expected=tuple(one for one in services.list_services(db) if one.state != "stopped"),
            paused_by=None if pause is None or not pause.value else pause.set_by,
            firing=queries.firing_alerts(db, sources.now),
            watchdog_heard_at=queries.watchdog_heard_at(db),
        )

"""What the ledger keeps of alerts that fired, and of drills."""

from dataclasses import replace

from processor.ledger import drills, incidents, queries
from processor.ledger.connection import Ledger
from processor.ledger.incidents import AlertNotice, AlertStatus, Change

NOTICE = AlertNotice(
    fingerprint="a1b2c3",
    alert="AipHighErrorRate",
    severity="high",
    labels={"alertname": "AipHighErrorRate", "severity": "high", "service": "aip"},
    annotations={"summary": "エラー率 is above 10 %"},
    status=AlertStatus.FIRING,
    starts_at=1000.25,
    ends_at=None,
)


def tell(ledger: Ledger, notice: AlertNotice, now: float) -> Change:
    with ledger.write() as db:
        return incidents.record(db, notice, now)


def history(ledger: Ledger, limit: int = 10, alert: str | None = None) -> tuple[queries.IncidentRecord, ...]:
    with ledger.read() as db:
        return queries.incidents(db, limit, alert)


def test_an_incident_told_twice_is_kept_once(ledger: Ledger) -> None:
    assert tell(ledger, NOTICE, 1010.0) is Change.OPENED
    assert tell(ledger, replace(NOTICE, annotations={"summary": "now 0.3"}), 1310.0) is Change.NONE
    (incident,) = history(ledger)
    assert (incident.received_at, incident.last_received_at, incident.notifications) == (1010.0, 1310.0, 2)
    assert incident.annotations == {"summary": "now 0.3"}
    assert incident.labels == NOTICE.labels


def test_the_end_closes_the_incident_it_belongs_to(ledger: Ledger) -> None:
    tell(ledger, NOTICE, 1010.0)
    tell(ledger, replace(NOTICE, starts_at=5000.0), 5010.0)
    resolved = replace(NOTICE, status=AlertStatus.RESOLVED, ends_at=2000.5)
    assert [tell(ledger, resolved, at) for at in (2010.0, 2011.0)] == [Change.CLOSED, Change.NONE]
    assert [(one.starts_at, one.ends_at, one.last_status) for one in history(ledger)] == [
        (5000.0, None, AlertStatus.FIRING),
        (1000.25, 2000.5, AlertStatus.RESOLVED),
    ]


def test_what_alertmanager_is_silent_of_for_hours_is_not_taken_for_firing(ledger: Ledger) -> None:
    tell(ledger, NOTICE, 1010.0)
    with ledger.read() as db:
        assert queries.firing_alerts(db, 1010.0 + 8 * 3600) == {("AipHighErrorRate", "high"): 1}
        assert queries.firing_alerts(db, 1010.0 + 10 * 3600) == {}
    (incident,) = history(ledger)
    assert [incident.is_unheard(1010.0 + hours * 3600) for hours in (8, 10)] == [False, True]


def test_an_alert_seen_again_from_the_same_start_is_open_again(ledger: Ledger) -> None:
    tell(ledger, replace(NOTICE, status=AlertStatus.RESOLVED, ends_at=2000.0), 2010.0)
    assert tell(ledger, NOTICE, 2100.0) is Change.OPENED
    (incident,) = history(ledger)
    assert (incident.ends_at, incident.last_status) == (None, AlertStatus.FIRING)


def test_the_history_is_newest_first_and_limited_and_of_one_alert_when_asked(ledger: Ledger) -> None:
    for number in range(4):
        tell(ledger, replace(NOTICE, fingerprint=f"f{number}", alert=f"Aip{number % 2}", starts_at=float(number)), 9.0)
    assert [one.starts_at for one in history(ledger, 3)] == [3.0, 2.0, 1.0]
    assert [one.starts_at for one in history(ledger, 3, "Aip0")] == [2.0, 0.0]


def test_a_failed_drill_keeps_the_time_of_the_last_success(ledger: Ledger) -> None:
    with ledger.write() as db:
        passed = drills.DrillResult(alert="AipPollStale", is_passed=True, k=60, details={"fired_seconds": 2.5})
        drills.record(db, passed, 100.0)
        failed = drills.DrillResult(alert="AipPollStale", is_passed=False, k=30, details={"reason": "no message"})
        drills.record(db, failed, 200.0)
    with ledger.read() as db:
        (drill,) = queries.last_drills(db)
    assert (drill.last_run_at, drill.last_success_at, drill.k) == (200.0, 100.0, 30)
    assert drill.details == {"reason": "no message"}


def test_an_alert_whose_drill_never_passed_has_no_success(ledger: Ledger) -> None:
    with ledger.write() as db:
        drills.record(db, drills.DrillResult(alert="Watchdog", is_passed=False, k=60, details={}), 100.0)
        assert [drill.last_success_at for drill in queries.last_drills(db)] == [None]

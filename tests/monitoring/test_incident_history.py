"""From the real Alertmanager through the real API into the ledger: nothing that fired is lost."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from processor.alerting.alertmanager_api import NewAlert, own_counters, send_alerts
from processor.ledger import queries
from processor.ledger.incidents import AlertStatus
from processor.ledger.queries import IncidentRecord
from tests.api.conftest import Running, running_api
from tests.monitoring.alerting_stage import TOKEN, Stage, alerting_stage
from tests.monitoring.conftest import Tools

_FAILURES = "alertmanager_notification_requests_failed_total"


@dataclass(frozen=True)
class Scene:
    """An Alertmanager that tells a processor."""

    stage: Stage
    api: Running

    def incident(self, alert: str, status: AlertStatus) -> IncidentRecord | None:
        """Look for an incident of an alert that stands so."""
        with self.api.ledger.read() as db:
            found = queries.incidents(db, 10, alert)
        return next((one for one in found if one.last_status is status), None)

    def failures(self) -> float:
        """Count the attempts of telling the processor that failed."""
        counted = own_counters(self.stage.url, [_FAILURES])
        return sum(value for _, labels, value in counted if labels["receiver_name"] == "incident-history")


@pytest.fixture
def scene(tools: Tools, tmp_path: Path) -> Iterator[Scene]:
    with (
        running_api(tmp_path / "state", TOKEN) as api,
        alerting_stage(tools, tmp_path / "alertmanager", processor_url=api.url) as stage,
    ):
        yield Scene(stage, api)


def test_an_alert_becomes_an_incident_that_ends(scene: Scene) -> None:
    labels = {"alertname": "AipPollStale", "severity": "high", "service": "aip"}
    began = time.time()

    def tell(ends_at: float) -> None:
        alert = NewAlert(labels=labels, annotations={"summary": "要確認"}, starts_at=began, ends_at=ends_at)
        send_alerts(scene.stage.url, [alert])

    tell(began + 3600)
    firing = scene.stage.wait(lambda: scene.incident("AipPollStale", AlertStatus.FIRING), "the incident")
    assert (firing.severity, firing.labels, firing.annotations) == ("high", labels, {"summary": "要確認"})
    assert firing.starts_at == pytest.approx(began, abs=0.01)
    ended = time.time()
    tell(ended)
    resolved = scene.stage.wait(lambda: scene.incident("AipPollStale", AlertStatus.RESOLVED), "the end")
    assert resolved.ends_at == pytest.approx(ended, abs=0.01)
    assert resolved.starts_at == firing.starts_at


def test_what_fires_while_the_ledger_is_away_is_told_again(scene: Scene) -> None:
    with scene.api.ledger.write() as db:
        db.execute(text("ALTER TABLE alert_incidents RENAME TO elsewhere"))
    scene.stage.fire("AipQueueOldestTooOld", "medium")
    scene.stage.wait(lambda: scene.failures() > 0, "a failed attempt")
    with scene.api.ledger.write() as db:
        db.execute(text("ALTER TABLE elsewhere RENAME TO alert_incidents"))
    scene.stage.wait(lambda: scene.incident("AipQueueOldestTooOld", AlertStatus.FIRING), "the incident")

"""What `/api/alerts` takes from Alertmanager, and what it refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, text

from processor.ledger.schema import alert_incidents
from tests.api.conftest import TOKEN, Running

ALERT = {
    "status": "firing",
    "labels": {"alertname": "AipHighErrorRate", "severity": "high", "service": "aip"},
    "annotations": {"summary": "Error rate exceeds 10 %", "summary_ja": "エラー率が 10% を超えています"},
    "startsAt": "2026-11-27T01:02:03.456789123Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://127.0.0.1:9090/graph",
    "fingerprint": "6c1ca62a4e1d6b5c",
}
STARTS_AT = 1795741323.456789


@pytest.fixture
def api(shared_api: Running) -> Iterator[Running]:
    """The API with an empty history."""
    yield shared_api
    with shared_api.ledger.write() as db:
        db.execute(delete(alert_incidents))


def payload(*alerts: dict[str, Any], **changes: Any) -> str:
    return json.dumps({"version": "4", "groupKey": "{}", "status": "firing", "alerts": list(alerts), **changes})


def test_what_alertmanager_tells_is_the_history(api: Running) -> None:
    answer = api.tell(payload(ALERT))
    assert (answer.status_code, answer.json()) == (200, {"recorded": 1, "opened": 1, "closed": 0})
    ended = {**ALERT, "status": "resolved", "endsAt": "2026-11-27T10:12:03+09:00"}
    assert api.tell(payload(ended, status="resolved")).json() == {"recorded": 1, "opened": 0, "closed": 1}
    (incident,) = api.history().json()["incidents"]
    assert incident.pop("received_at") <= incident.pop("last_received_at")
    assert incident == {
        "fingerprint": "6c1ca62a4e1d6b5c",
        "alert": "AipHighErrorRate",
        "severity": "high",
        "labels": ALERT["labels"],
        "annotations": ALERT["annotations"],
        "starts_at": pytest.approx(STARTS_AT, abs=1e-5),
        "ends_at": 1795741923.0,
        "last_status": "resolved",
        "notifications": 2,
    }


def test_the_history_is_of_one_alert_and_of_a_length_when_asked(api: Running) -> None:
    others = [{**ALERT, "labels": {"alertname": "Other"}, "fingerprint": f"f{number}"} for number in range(3)]
    api.tell(payload(ALERT, *others))
    assert len(api.history(limit=2).json()["incidents"]) == 2
    assert [one["alert"] for one in api.history(alert="AipHighErrorRate").json()["incidents"]] == ["AipHighErrorRate"]
    assert api.history(limit=0).status_code == 422


def test_fields_of_later_versions_are_passed_over(api: Running) -> None:
    assert api.tell(payload({**ALERT, "mood": {"deep": [1]}}, notification_reason="x")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-None": ""},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {TOKEN}x"},
    ],
)
def test_without_the_token_nothing_is_taken(api: Running, headers: dict[str, str]) -> None:
    answer = api.tell(payload(ALERT), **headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"] == "the bearer token is missing or wrong; it must be that of alerting.token_file"
    assert api.history().json()["incidents"] == []


def test_a_processor_without_a_token_says_what_to_set_and_alertmanager_repeats(api_without_token: Running) -> None:
    answer = api_without_token.tell(payload(ALERT))
    assert answer.status_code == 503
    assert answer.json()["detail"] == (
        "this processor takes no alerts, because it has no token to compare with; "
        "set alerting.token_file or AIP_ALERTS_TOKEN and start it again"
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "body: Invalid JSON: EOF while parsing a value at line 1 column 0"),
        (b"[]", "body: Input should be an object"),
        (payload(ALERT, version="5"), "version: Input should be '4'"),
        ('{"version": "4"}', "alerts: Field required"),
        (payload({**ALERT, "status": "pending"}), "alerts.0.status: Input should be 'firing' or 'resolved'"),
        (payload({**ALERT, "labels": {"alertname": 7}}), "alerts.0.labels.alertname: Input should be a valid string"),
        (payload({**ALERT, "startsAt": "yesterday"}), "alerts.0.startsAt: Input should be a valid datetime"),
        (payload({**ALERT, "startsAt": "2026-11-27T01:02:03"}), "alerts.0.startsAt: Input should have timezone info"),
        (payload({**ALERT, "fingerprint": "../x"}), "alerts.0.fingerprint: String should match pattern"),
        (payload({**ALERT, "labels": {"alertname": "a\0b"}}), "alerts.0.labels.alertname: String should match pattern"),
        (payload(ALERT).replace("high", r"\ud800"), "body: Invalid JSON"),
    ],
)
def test_what_is_no_notification_is_refused_with_the_place(api: Running, body: str | bytes, told: str) -> None:
    answer = api.tell(body)
    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert detail.startswith("this is no notification of Alertmanager's webhook, version 4: ")
    assert told in detail
    assert api.history().json()["incidents"] == []


def test_one_wrong_alert_refuses_the_whole_notification(api: Running) -> None:
    assert api.tell(payload(ALERT, {**ALERT, "status": "?"})).status_code == 422
    assert api.history().json()["incidents"] == []


def test_alertmanager_repeats_what_the_ledger_could_not_take(api: Running) -> None:
    with api.ledger.write() as db:
        db.execute(text("ALTER TABLE alert_incidents RENAME TO elsewhere"))
    answer = api.tell(payload(ALERT))
    assert (answer.status_code, answer.json()) == (503, {"detail": "the ledger cannot be reached at the moment"})
    with api.ledger.write() as db:
        db.execute(text("ALTER TABLE elsewhere RENAME TO alert_incidents"))
    assert api.tell(payload(ALERT)).json() == {"recorded": 1, "opened": 1, "closed": 0}

"""Ask an Alertmanager over its HTTP API, version 2: alerts, its configuration, its own counters.

Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from prometheus_client.parser import text_string_to_metric_families

from processor.errors import NetworkError

_TIMEOUT_SECONDS = 10
_QUOTED = 200


@dataclass(frozen=True, kw_only=True)
class CurrentAlert:
    """An alert that Alertmanager holds now. Times are seconds since the epoch.

    `receivers` are those of its routes; `silenced_by` has the ids of silences, `inhibited_by` the fingerprints of the
    alerts that make it superfluous, `muted_by` the time intervals that some receiver waits for.
    """

    fingerprint: str
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: float
    receivers: tuple[str, ...]
    silenced_by: tuple[str, ...]
    inhibited_by: tuple[str, ...]
    muted_by: tuple[str, ...]

    @property
    def alert(self) -> str:
        """The name of its rule."""
        return self.labels.get("alertname", "")

    @property
    def state(self) -> str:
        """Whether people are told: `firing`, or `silenced`, `inhibited`, `muted` (they are told later)."""
        reasons = (("silenced", self.silenced_by), ("inhibited", self.inhibited_by), ("muted", self.muted_by))
        return next((state for state, by in reasons if by), "firing")


@dataclass(frozen=True, kw_only=True)
class NewAlert:
    """An alert to tell of. Times are seconds since the epoch; it is resolved from `ends_at` on.

    `generator_url` is where a person sees the expression behind it.
    """

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: float
    ends_at: float
    generator_url: str = ""


def current_alerts(url: str) -> tuple[CurrentAlert, ...]:
    """Read the alerts that fire now, silenced and inhibited ones included, the longest first.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses.
    """
    rows: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for group in call(url, "GET", "/api/v2/alerts/groups"):
        for row in group["alerts"]:
            rows.setdefault(row["fingerprint"], []).append((group["receiver"]["name"], row))
    found = [_current_alert(routed) for routed in rows.values()]
    return tuple(sorted(found, key=lambda alert: (alert.starts_at, alert.fingerprint)))


def send_alerts(url: str, alerts: Sequence[NewAlert]) -> None:
    """Tell Alertmanager of alerts, as Prometheus would.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses.
    """
    body = [
        {
            "labels": dict(alert.labels),
            "annotations": dict(alert.annotations),
            "startsAt": written(alert.starts_at),
            "endsAt": written(alert.ends_at),
            "generatorURL": alert.generator_url,
        }
        for alert in alerts
    ]
    call(url, "POST", "/api/v2/alerts", body)


def configuration_in_force(url: str) -> str:
    """Read the configuration that Alertmanager works with, as YAML; secrets are masked by it.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses.
    """
    return str(call(url, "GET", "/api/v2/status")["config"]["original"])


def reload_configuration(url: str) -> None:
    """Have Alertmanager read its configuration again.

    Raises:
        NetworkError: no Alertmanager answers there, or the new configuration is wrong; it keeps the old one then.
    """
    call(url, "POST", "/-/reload")


def own_counters(url: str, names: Sequence[str]) -> list[tuple[str, dict[str, str], float]]:
    """Read counters of Alertmanager itself: name, labels, value.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses.
    """
    text = call(url, "GET", "/metrics")
    families = text_string_to_metric_families(text)
    return [
        (sample.name, dict(sample.labels), sample.value)
        for family in families
        for sample in family.samples
        if sample.name in names
    ]


def call(url: str, method: str, path: str, body: object = None) -> Any:
    """Make one request; gives what `/api/` answers as JSON, None for nothing, and other answers as text.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses; the message has its reason.
    """
    address = f"{url.rstrip('/')}{path}"
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the user's must not come between us and Alertmanager
            answer = session.request(method, address, json=body, timeout=_TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise NetworkError(
            f"no Alertmanager answers at {url} ({_why(error)}); start it, or set alerting.alertmanager_url"
        ) from error
    if not answer.ok:
        raise NetworkError(
            f"{url} refused {method} {path} with {answer.status_code}: {_said(answer)}; "
            "is alerting.alertmanager_url the address of Alertmanager?"
        )
    if not path.startswith("/api/"):
        return answer.text
    try:
        return answer.json() if answer.content else None
    except requests.JSONDecodeError as error:
        raise NetworkError(
            f"what answers at {url} is no Alertmanager; set alerting.alertmanager_url to its address"
        ) from error


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return f"no answer within {_TIMEOUT_SECONDS} s"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def _said(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = "" if "html" in answer.headers.get("content-type", "") else answer.text
    message = body.get("message", body) if isinstance(body, dict) else body
    return str(message).strip()[:_QUOTED] or answer.reason


def _current_alert(routed: Sequence[tuple[str, Mapping[str, Any]]]) -> CurrentAlert:
    """Put together what the groups of an alert, one for each of its receivers, say of it."""

    def reasons(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reason for _, row in routed for reason in row["status"].get(name, ())))

    _, row = routed[0]
    return CurrentAlert(
        fingerprint=row["fingerprint"],
        labels=row["labels"],
        annotations=row["annotations"],
        starts_at=read(row["startsAt"]),
        receivers=tuple(dict.fromkeys(receiver for receiver, _ in routed)),
        silenced_by=reasons("silencedBy"),
        inhibited_by=reasons("inhibitedBy"),
        muted_by=reasons("mutedBy"),
    )


def written(at: float) -> str:
    """Write a time, in seconds since the epoch, as the API takes it."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def read(text: str) -> float:
    """Read a time of the API, in seconds since the epoch."""
    return datetime.fromisoformat(text).timestamp()

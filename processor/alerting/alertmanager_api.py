"""Ask an Alertmanager: which alerts it holds, its configuration, its own counters; tell it of alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from processor.alerting.alertmanager_http import call, read, understanding, written

_WORST_FIRST = ("critical", "high", "medium", "low")


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
    def rank(self) -> int:
        """Its severity as a number, 0 for the worst; a severity that is not ours comes behind ours, `none` is last."""
        severity = self.labels.get("severity", "none")
        return _WORST_FIRST.index(severity) if severity in _WORST_FIRST else len(_WORST_FIRST) + (severity == "none")

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
    """Read the alerts that fire now, silenced and inhibited ones included: the worst first, then the longest.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses.
    """
    groups = call(url, "GET", "/api/v2/alerts/groups")
    rows: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    with understanding(url):
        for group in groups:
            for row in group["alerts"]:
                rows.setdefault(row["fingerprint"], []).append((group["receiver"]["name"], row))
        found = [_current_alert(routed) for routed in rows.values()]
    return tuple(sorted(found, key=lambda alert: (alert.rank, alert.starts_at, alert.fingerprint)))


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
    status = call(url, "GET", "/api/v2/status")
    with understanding(url):
        return str(status["config"]["original"])


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
    with understanding(url):
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return [(sample.name, dict(sample.labels), sample.value) for sample in samples if sample.name in names]


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

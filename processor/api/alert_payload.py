"""Read what Alertmanager's webhook sends, version 4: strict in what we use, tolerant of fields that later versions add.

Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from processor.ledger.incidents import AlertNotice, AlertStatus

#: PostgreSQL keeps no NUL, and no name or value of ours has one.
_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
_Labels = dict[_Text, _Text]
#: How Go writes a time that is not set.
_NO_YEAR = 1


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _Alert(_Part):
    """One alert; what else Alertmanager tells of it is passed over."""

    status: Literal["firing", "resolved"]
    labels: _Labels = Field(examples=[{"alertname": "AipHighErrorRate", "severity": "critical"}])
    annotations: _Labels = Field(default_factory=dict, examples=[{"summary": "error rate above 10 %"}])
    starts_at: AwareDatetime = Field(alias="startsAt", examples=["2026-11-27T01:02:03Z"])
    ends_at: AwareDatetime | None = Field(None, alias="endsAt", description="of a firing one, when it would end")
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,64}$")] = Field(
        examples=["6c1ca62a4e1d6b5c"], description="of its labels; the same over its life"
    )


class AlertmanagerPayload(_Part):
    """One notification: a group of alerts."""

    version: Literal["4"]
    alerts: list[_Alert]

    def notices(self) -> tuple[AlertNotice, ...]:
        """Give the alerts as the ledger takes them."""
        return tuple(_notice(alert) for alert in self.alerts)


def payload_schema() -> dict[str, Any]:
    """Give the JSON Schema of a notification in one piece, for the OpenAPI description."""
    schema = AlertmanagerPayload.model_json_schema()
    schema["properties"]["alerts"]["items"] = schema.pop("$defs")[_Alert.__name__]
    return schema


def _notice(alert: _Alert) -> AlertNotice:
    ends_at = alert.ends_at if alert.status == "resolved" else None
    return AlertNotice(
        fingerprint=alert.fingerprint,
        alert=alert.labels.get("alertname", ""),
        severity=alert.labels.get("severity", ""),
        labels=alert.labels,
        annotations=alert.annotations,
        status=AlertStatus(alert.status),
        starts_at=alert.starts_at.timestamp(),
        ends_at=ends_at.timestamp() if ends_at is not None and ends_at.year > _NO_YEAR else None,
    )

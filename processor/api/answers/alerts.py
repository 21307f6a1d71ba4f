"""What `/api/alerts` answers."""

from pydantic import Field

from processor.api.answers.answer import Answer, Page


class Recorded(Answer):
    """What became of a notification."""

    recorded: int
    opened: int
    closed: int


class Incident(Answer):
    """One firing of an alert, as Alertmanager told it."""

    fingerprint: str
    alert: str = Field(examples=["AipHighErrorRate"])
    severity: str = Field(examples=["critical"])
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: float
    ends_at: float | None = Field(description="null while it fires")
    last_status: str = Field(description="firing or resolved")
    received_at: float
    last_received_at: float
    notifications: int = Field(description="how often Alertmanager told of it")


class Incidents(Page):
    """A page of the history, newest first."""

    incidents: list[Incident]

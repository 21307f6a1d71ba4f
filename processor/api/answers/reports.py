"""What `/api/reports` answers; docs/schemas describes the reports themselves."""

from pydantic import Field

from processor.api.answers.answer import Answer, Page


class SentReport(Answer):
    """How a report went out on one channel."""

    kind: str
    date: str
    channel: str = Field(examples=["email"])
    state: str = Field(description="waiting, delivered, given_up or withdrawn")
    attempts: int
    delivered_at: float | None
    last_error: str | None


class MadeReport(Answer):
    """A report that was made by the clock."""

    kind: str = Field(examples=["daily"])
    date: str = Field(description="the day, or the Monday of the week", examples=["2026-11-26"])
    made_at: float
    made_by: str
    deliveries: list[SentReport]


class MadeReports(Page):
    """A page of them, newest first."""

    reports: list[MadeReport]

"""Reports: which there are, and how they reach people."""

from enum import StrEnum


class ReportKind(StrEnum):
    """What a report is about."""

    DAILY = "daily"
    WEEKLY = "weekly"


class ReportChannel(StrEnum):
    """A way on which a report is sent."""

    EMAIL = "email"
    WEBHOOK = "webhook"

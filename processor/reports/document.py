"""A report as a value, with the handbook's keys and units. docs/schemas is written from here."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from processor.errors import ResourceError
from processor.model import ReportKind
from processor.reports.document_parts import (
    Bottleneck,
    Breakdown,
    Column,
    Cost,
    Count,
    Date,
    HostUse,
    Hour,
    Incidents,
    Language,
    Moment,
    NextWeek,
    Part,
    Performance,
    PullRequests,
    Recommendation,
    Summary,
)


class Report(Part):
    """What both reports have."""

    kind: ReportKind
    version: Literal[1] = Field(1, description="raised when a key goes or changes its meaning, not for a new one")
    date: Date = Field(description="the first day of the period")
    timezone: str
    starts_at: Moment
    ends_at: Moment = Field(description="not included")
    made_at: Moment
    language: Language = Field(description="of the recommendations")
    summary: Summary
    issues_breakdown: Breakdown
    performance: Performance
    errors: dict[str, Count] = Field(description="by error type, the most frequent first")
    recommendations: tuple[Recommendation, ...]
    pull_requests: PullRequests
    cost: Cost
    incidents: Incidents
    before: tuple[Column, ...] = Field(
        description="the seven days before it, or the four weeks, newest first; none from before the ledger began"
    )


class DailyReport(Report):
    """One closed day."""

    kind: Literal[ReportKind.DAILY] = ReportKind.DAILY
    hours: tuple[Hour, ...]


class WeeklyReport(Report):
    """One closed week, Monday to Sunday."""

    kind: Literal[ReportKind.WEEKLY] = ReportKind.WEEKLY
    week: Annotated[str, Field(pattern=r"^\d{4}-W\d{2}$")] = Field(description="as ISO 8601 numbers it")
    days: tuple[Column, ...]
    bottleneck: Bottleneck | None
    resources: tuple[HostUse, ...]
    next_week: NextWeek | None = Field(description="null for a week that was not the last one when it was made")


AnyReport = DailyReport | WeeklyReport
_READ: TypeAdapter[AnyReport] = TypeAdapter(Annotated[AnyReport, Field(discriminator="kind")])


def read_report(content: str) -> AnyReport:
    """Read a report of either kind from its JSON.

    Raises:
        ResourceError: it is not as this program writes it.
    """
    try:
        return _READ.validate_json(content)
    except ValidationError as exc:
        fault = exc.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise ResourceError(
            f"a report in the ledger was made by another version of this program ({place}: {fault['msg']}); "
            "let the services of a ledger be of one version"
        ) from exc

"""The parts of a report as values, with the handbook's keys and units: percent and seconds.

A rate or a mean is null where nothing was processed: no work is not 0 % success.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from processor.model import Band, Outcome, Phase, Priority

Language = Literal["en", "ja"]
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]
Seconds = Annotated[float, Field(ge=0)]
Outcomes = dict[Outcome, Count]
Date = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Part(BaseModel):
    """A part of a report: frozen, and nothing that is not written here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Summary(Part):
    """The handbook's four numbers. Errors are runs that ended as error or timeout."""

    total_issues_processed: Count
    success_rate: Percent | None
    avg_processing_time: Seconds | None
    errors_count: Count
    remark: Literal["no data"] | None = Field(None, description="`no data` where nothing was processed")


class Breakdown(Part):
    """How the runs ended; those that were cancelled are in it, and are not processed."""

    by_outcome: Outcomes
    by_priority: dict[Priority, Outcomes]
    by_repository: dict[str, Outcomes]


class LongestRun(Part):
    """One of the runs that took longest."""

    issue: str
    run_id: str
    outcome: Outcome
    seconds: Seconds
    pull_request: str | None = Field(description="its address")


class Performance(Part):
    """Where the time went; times are of work on processed runs, waiting not included."""

    avg_time: Seconds | None
    longest_time: Seconds | None
    total_time: Seconds
    distribution: dict[Band, Count] = Field(description="fast is under 60 s, slow over 300 s")
    phases: dict[Phase, Seconds] = Field(description="failed attempts included")
    longest: tuple[LongestRun, ...]


class PullRequests(Part):
    """What became of our pull requests in the period."""

    opened: Count
    merged: Count
    closed: Count = Field(description="by people, without a merge")


class Cost(Part):
    """What agents reported to have spent; null where none said anything."""

    dollars: Annotated[float, Field(ge=0)] | None
    dollars_per_success: Annotated[float, Field(ge=0)] | None
    dollars_per_merge: Annotated[float, Field(ge=0)] | None
    tokens_read: Count | None
    tokens_written: Count | None


class Incidents(Part):
    """Alerts that began to fire in the period, each time they did."""

    total: Count
    by_severity: dict[str, Count]
    by_alert: dict[str, Count]


class Recommendation(Part):
    """What a rule says, and the numbers that are its reason."""

    type: Literal["alert", "optimization", "maintenance"]
    message: str
    action: str
    rule: str
    numbers: dict[str, float | int | str]


class Column(Part):
    """A closed period beside others: of a trend, or a day of the week."""

    date: Date = Field(description="its first day")
    outcomes: Outcomes
    total_issues_processed: Count
    success_rate: Percent | None
    avg_processing_time: Seconds | None
    errors_count: Count
    merged: Count
    closed: Count
    dollars: float | None


class Hour(Part):
    """Runs that ended in an hour on the clock; where clocks go back one is two hours long."""

    hour: Annotated[int, Field(ge=0, le=23)]
    outcomes: Outcomes


class Bottleneck(Part):
    """The phase that took the most time."""

    phase: Phase
    seconds: Seconds
    share: Percent


class HostUse(Part):
    """What one host carried in the week, from a reading each minute; null where it could not be read."""

    host: str
    readings: Count
    cpu_percent_mean: Percent | None
    cpu_percent_max: Percent | None
    memory_percent_mean: Percent | None
    memory_percent_max: Percent | None
    disk_percent_max: Percent | None
    load_mean: float | None
    cpu_percent_mean_before: Percent | None = Field(description="of the four weeks before it")
    memory_percent_mean_before: Percent | None
    disk_percent_max_before: Percent | None


class Override(Part):
    """A setting that an operator relaxed for a while."""

    key: str
    value: Any
    by: str
    reason: str
    expires_at: Moment


class NextWeek(Part):
    """What waits when the report is made, and what will not go on by itself."""

    waiting: dict[Priority, Count]
    held_back: dict[str, Count] = Field(description="issues that will not start by themselves, by reason")
    capacity_level: str
    parallel: Count = Field(description="runs at once, on all hosts together")
    runs_possible: Count | None = Field(description="at the week's mean time; null without runs")
    open_pull_requests: Count
    dead_letters: tuple[str, ...]
    overrides: tuple[Override, ...]

"""The daily and weekly reports: when, in what language, what they recommend from which number on, who gets them."""

from typing import Annotated, Literal

from pydantic import Field

from processor.settings.sections.alerting import Address
from processor.settings.sections.section import FilePath, Flag, Integer, Number, Seconds, Section

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=['"08:30"'])]
ReportFormat = Literal["json", "html", "markdown", "text"]
Share = Annotated[Number, Field(ge=0.01, le=1)]


class ReportThresholds(Section):
    """From which number on a report recommends something; the handbook's own three come first."""

    success_ratio: Share = Field(0.80, description="a lower success rate is an alert")
    mean_seconds: Seconds = Field(300, description="a longer mean time of work asks for optimization")
    errors_per_day: Integer = Field(10, ge=0, description="more errors a day ask for maintenance")
    one_error_ratio: Share = Field(0.5, description="share of one kind among at least three errors")
    rejected_ratio: Share = Field(0.30, description="share of runs that the gate rejects")
    success_drop_ratio: Share = Field(0.10, description="how far a week's success rate falls below the four before")
    slower_ratio: Number = Field(0.25, gt=0, description="how much longer a week's mean is than the four before")
    dearer_ratio: Number = Field(0.25, gt=0, description="how much more a success costs than in the four weeks before")
    bottleneck_ratio: Share = Field(0.75, description="share of one phase in the time of work of a week")
    cpu_ratio: Share = Field(0.70, description="a higher mean of a host in a week asks for attention")
    memory_ratio: Share = Field(0.80, description="a higher mean of a host in a week asks for attention")
    disk_ratio: Share = Field(0.80, description="a fuller disk of a host in a week asks for attention")
    open_pull_requests: Integer = Field(10, ge=0, description="more that wait for people ask for reviews")
    incidents_of_one_alert: Integer = Field(3, ge=1, description="so many in a week ask for a review of the alert")


class ReportEmail(Section):
    """Reports by e-mail, through the mail server of `alerting.email`, from its sender and as its user."""

    enabled: Flag = Field(False, description="true sends them")
    to: tuple[Address, ...] = Field((), description="who gets them; those of alerting.email.to when empty")
    password_file: FilePath | None = Field(None, description="file of the password of alerting.email.smtp_user")
    ca_file: FilePath | None = Field(
        None, description="on this machine: PEM file of the authority of the mail server's certificate"
    )


class ReportWebhook(Section):
    """Reports as JSON by POST."""

    enabled: Flag = Field(False, description="true sends them")
    url_file: FilePath | None = Field(None, description="file of the address, which may hold a secret")


class Reports(Section):
    """Reports that the service makes by the clock, in the time zone of `timezone`."""

    enabled: Flag = Field(True, description="false makes none by the clock; `aip report` works as ever")
    directory: FilePath = Field("reports", validate_default=True, description="folder of the files")
    daily_at: Clock = Field("08:30", description="when the report of the day before is made")
    weekly_at: Clock = Field("09:00", description="when, on Mondays, the report of the week before is made")
    formats: tuple[ReportFormat, ...] = Field(("json", "html"), min_length=1, description="what files are written")
    language: Literal["en", "ja"] | None = Field(None, description="that of alerting.language when absent")
    make_up: Integer = Field(
        7, ge=1, le=60, description="of reports that were missed, so many of each kind are made later"
    )
    thresholds: ReportThresholds = Field(
        default_factory=ReportThresholds, description="from which number on something is recommended"
    )
    email: ReportEmail = Field(default_factory=ReportEmail)
    webhook: ReportWebhook = Field(default_factory=ReportWebhook)

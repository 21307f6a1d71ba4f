"""How alerts reach people: what `aip alerts configure` writes into Alertmanager's configuration."""

from typing import Annotated, Literal

from pydantic import Field

from processor.settings.sections.section import FilePath, Flag, Section

# What stands in Alertmanager's configuration is a template there, so braces would be read as one.
Address = Annotated[str, Field(pattern=r"^[^@\s\"{},<>]+@[^@\s\"{},<>]+$", examples=["ops-team@example.com"])]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class OfficeHours(Section):
    """When alerts of severity low may disturb people."""

    days: tuple[Day, ...] = Field(
        ("monday", "tuesday", "wednesday", "thursday", "friday"), min_length=1, description="days of the week"
    )
    start: str = Field("09:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=['"09:00"'], description="first minute")
    end: str = Field(
        "18:00",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$",
        examples=['"18:00"'],
        description="end, not included; 24:00 is midnight",
    )


class EmailChannel(Section):
    """Alerts by e-mail. The password stands in the file `smtp_password`."""

    enabled: Flag = Field(True, description="false leaves the channel empty")
    to: tuple[Address, ...] = Field(("ops-team@example.com",), min_length=1, description="who gets the messages")
    sender: Address = Field("auto-issue-processor@example.com", description="who they come from")
    smtp_server: str = Field(
        "smtp.example.com:587",
        pattern=r"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$",
        examples=["smtp.example.com:587"],
        description="HOST:PORT of the mail server",
    )
    smtp_user: str = Field(
        "auto-issue-processor@example.com",
        pattern=r"^[^\s\"{}]*$",
        examples=["auto-issue-processor@example.com"],
        description='login at the mail server; "" for none',
    )
    ca_file: str | None = Field(
        None,
        pattern=r"^/[^\"{}\n]*$",
        examples=["/etc/ssl/certs/example.pem"],
        description="on Alertmanager's machine: PEM file of the authority of the mail server's certificate",
    )
    require_tls: Flag = Field(True, description="false for a mail server on this machine that speaks no STARTTLS")


class SlackChannel(Section):
    """Alerts to Slack. The address of the incoming webhook stands in the file `slack_url`."""

    enabled: Flag = Field(True, description="false leaves the channel empty")
    channel: str = Field(
        "#aip-alerts", pattern=r"^[^\s\"{}]{1,80}$", examples=["#aip-alerts"], description="where the messages appear"
    )


class WebhookChannel(Section):
    """Alerts as JSON to an address of yours, which stands in the file `webhook_url`."""

    enabled: Flag = Field(True, description="false leaves the channel empty")


class DeadMansSwitch(Section):
    """A service that raises the alarm when it hears nothing; its address stands in the file `dead_mans_switch_url`."""

    enabled: Flag = Field(True, description="false leaves it out: nobody notices then when alerting itself is dead")


class Alerting(Section):
    """How alerts reach people, and how we reach Alertmanager."""

    alertmanager_url: str = Field(
        "http://127.0.0.1:9093",
        pattern=r"^https?://[^\s\"{}]+$",
        examples=["http://127.0.0.1:9093"],
        description="Alertmanager as the commands reach it",
    )
    token_file: FilePath | None = Field(
        None, description="file of the token that Alertmanager must show at /api/alerts"
    )
    processor_url: str = Field(
        "http://127.0.0.1:8080",
        pattern=r"^https?://[^\s\"{}]+$",
        examples=["http://127.0.0.1:8080"],
        description="this processor as Alertmanager reaches it",
    )
    secrets_directory: str = Field(
        "/etc/alertmanager/secrets",
        pattern=r"^/[^\"{}\n]*$",
        examples=["/etc/alertmanager/secrets"],
        description="folder on Alertmanager's machine with one file for each secret",
    )
    language: Literal["en", "ja"] = Field("en", description="language of the messages")
    office_hours: OfficeHours = Field(default_factory=OfficeHours, description="when severity low may disturb")
    email: EmailChannel = Field(default_factory=EmailChannel)
    slack: SlackChannel = Field(default_factory=SlackChannel)
    webhook: WebhookChannel = Field(default_factory=WebhookChannel)
    dead_mans_switch: DeadMansSwitch = Field(default_factory=DeadMansSwitch)

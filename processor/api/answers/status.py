"""What `/api/status` answers."""

from pydantic import Field, JsonValue

from processor.api.answers.answer import Answer


class ActiveTask(Answer):
    """A run that the service works on."""

    run_id: str = Field(examples=["5f0c2a"])
    issue: str = Field(examples=["octo/hello#42"])
    title: str
    priority: str = Field(examples=["high"])
    phase: str | None = Field(description="prepare, agent, gate or publish; null before the first", examples=["agent"])
    attempt: int
    agent: str | None
    is_canary: bool = Field(description="the canary's own, in no number of real work")
    started_at: float | None
    age_seconds: float
    instance: str | None = Field(description="the service that works on it")


class Pause(Answer):
    """Who paused, when and why."""

    by: str = Field(examples=["ada@ops1"])
    at: float
    reason: str


class RateLimit(Answer):
    """What GitHub last said of one of its limits."""

    resource: str = Field(examples=["core"])
    limit: int
    remaining: int
    reset_at: float
    seen_at: float


class GitHubLimits(Answer):
    """How far GitHub lets us ask."""

    limited_until: float | None = Field(description="until when GitHub asked us to wait; null when it did not")
    rate_limits: list[RateLimit]


class OneService(Answer):
    """A service on this ledger that lives."""

    instance: str
    host: str
    pid: int
    url: str
    state: str
    started_at: float
    heartbeat_at: float
    capacity_level: str | None
    capacity_reason: str | None
    max_parallel: int | None
    poll_interval_seconds: float | None
    settings_change: int | None
    settings_left_out: str | None = Field(
        description="keys of changed settings that do not go with the files of this service, a comma between two"
    )


class ChangedSetting(Answer):
    """A setting that is changed for a while."""

    value: JsonValue = Field(examples=[60])
    expires_at: float


class LastRound(Answer):
    """The last round of the canary."""

    result: str | None = Field(
        description="success, failed, timeout, or held without a verdict; null while it goes on", examples=["success"]
    )
    reason: str | None = Field(description="why, or what stands in the way at the moment")
    begun_at: float
    ended_at: float | None


class Status(Answer):
    """What is going on now."""

    instance: str = Field(examples=["ops1"])
    state: str = Field(description="starting, running, paused or draining", examples=["running"])
    started_at: float | None
    uptime_seconds: float | None
    is_dry_run: bool
    active_tasks: list[ActiveTask]
    max_parallel: int
    capacity_level: str = Field(examples=["medium"])
    capacity_reason: str = Field(description="why this level is in force")
    settings_changed: dict[str, ChangedSetting] = Field(description="what is changed for a while, by key")
    queued: dict[str, int] = Field(
        description="runs that wait, by priority, the canary's left out", examples=[{"critical": 0, "high": 2}]
    )
    waiting_for_operator: int = Field(description="issues that a first start holds back")
    waiting_seconds_estimated: float | None
    paused: Pause | None
    canary: LastRound | None = Field(description="null before the first round")
    last_poll_success_at: float | None
    last_poll_error: str | None
    next_poll_at: float | None
    github: GitHubLimits
    services: list[OneService]

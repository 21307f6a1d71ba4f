"""How runs are executed, and what is tried again."""

from pydantic import Field

from processor.errors import ErrorType
from processor.settings.sections.section import Integer, Number, Seconds, Section


class Retry(Section):
    """How often one kind of error is tried, and how long to wait before the next try."""

    attempts: Integer = Field(1, ge=1, le=20, description="tries in all; 1 means no second try")
    first_delay_seconds: Number = Field(5, ge=0, description="wait before the second try")
    factor: Number = Field(2, ge=1, description="each further wait is this many times longer")
    longest_delay_seconds: Number = Field(600, ge=0, description="no wait is longer")


def _default_retries() -> dict[ErrorType, Retry]:
    return {
        ErrorType.GITHUB_AUTH: Retry(attempts=4, first_delay_seconds=60),
        ErrorType.GITHUB_API: Retry(attempts=3, first_delay_seconds=10),
        ErrorType.GITHUB_RATE_LIMIT: Retry(attempts=5, first_delay_seconds=60, longest_delay_seconds=3600),
        ErrorType.NETWORK: Retry(attempts=5, first_delay_seconds=5),
        ErrorType.GIT: Retry(attempts=3, first_delay_seconds=5),
        ErrorType.WORKSPACE: Retry(attempts=2, first_delay_seconds=5),
        ErrorType.RESOURCE: Retry(attempts=3, first_delay_seconds=60),
        ErrorType.AGENT_EXIT: Retry(attempts=2, first_delay_seconds=30),
        ErrorType.GATE_TOOL: Retry(attempts=2, first_delay_seconds=5),
    }


class Engine(Section):
    """How runs are executed."""

    run_deadline_seconds: Seconds = Field(7200, description="limit of one run, waits between attempts included")
    drain_seconds: Number = Field(60, ge=0, description="how long SIGTERM waits for active runs")
    poll_seconds: Seconds = Field(1, description="how often the queue is looked at")
    instance: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_.-]{1,60}$",
        examples=["processor-1"],
        description="name of this service, stable across restarts; the host name when absent",
    )
    retries: dict[ErrorType, Retry] = Field(
        default_factory=_default_retries,
        description="an error type that is not named is tried once; so is a missing permission, and an issue that its "
        "recipe cannot begin with",
    )

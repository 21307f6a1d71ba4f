"""The canary: a synthetic issue in a sandbox repository that goes the whole way, by the clock."""

from typing import Annotated

from pydantic import Field

from processor.model import Priority
from processor.settings.sections.section import Flag, Name, Repository, Seconds, Section, Text

# Slower than GitHub asks anybody to be, and quick enough to try it out.
_Interval = Annotated[Seconds, Field(ge=60)]


class Canary(Section):
    """The canary. It counts in no number of real work; docs/canary.md says what it is and what it needs."""

    repository: Repository | None = Field(
        None, description="OWNER/REPO of the sandbox, which takes no real work; no canary when absent"
    )
    enabled: Flag = Field(True, description="false makes none by the clock; `aip canary run` works as ever")
    interval_seconds: _Interval = Field(3600, description="how often one is made")
    time_limit_seconds: _Interval = Field(
        1800, description="from the issue to the pull request that is verified on GitHub; longer has failed"
    )
    agent: Name | None = Field(
        None, description="agent for it, which may cost money each time; `default_agent` when absent"
    )
    priority: Priority = Field(
        Priority.CRITICAL,
        description="of its issue; critical starts under every load, and waits for a place as any other",
    )
    base_branch: Text | None = Field(None, description="branch to start from; the sandbox's default branch when absent")
    title: Text = Field("Remove the unused import", description="of its issue")
    task: Text = Field(
        "ruff reports F401 in canary.py: a module is imported and not used. Remove that import and nothing else.",
        description="what its issue asks for; the agent must be able to do it each time",
    )

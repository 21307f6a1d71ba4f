"""How a change becomes a pull request."""

from pydantic import Field

from processor.settings.sections.section import Flag, Integer, Seconds, Section, Text


class Publish(Section):
    """How a change becomes a pull request."""

    draft: Flag = Field(True, description="open pull requests as drafts")
    branch_prefix: str = Field(
        "auto-fix/issue-",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9/_.-]*$",
        examples=["auto-fix/issue-"],
        description="branches are this and the issue's number",
    )
    label: Text = Field("auto-fix", description="label of our pull requests")
    failed_label: Text = Field("auto-failed", description="label of an issue whose attempts are used up")
    commit_name: Text = Field("Auto Issue Processor", description="author and committer")
    commit_email: Text = Field("auto-issue-processor@localhost", description="their address")
    max_pull_requests_per_hour: Integer = Field(10, ge=1, description="per repository")
    max_open_pull_requests: Integer = Field(20, ge=1, description="per repository, ours only")
    follow_up_seconds: Seconds = Field(300, description="how often open pull requests are looked at")

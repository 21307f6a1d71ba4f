"""What actions over HTTP take, and what they answer."""

from pydantic import BaseModel, ConfigDict, Field

from processor.api.answers.answer import Answer
from processor.api.steering import Who

_ISSUE = r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+#[1-9][0-9]{0,8}$"


class Word(BaseModel):
    """Who asks, and why; both go into the audit."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    reason: Who = Field("", description="why, for the audit", examples=["deploying the agents' new version"])
    by: Who = Field("", description="who asks", examples=["ada"])


class RetryWish(Word):
    """The issue that may be processed once more."""

    issue: str = Field(max_length=200, pattern=_ISSUE, examples=["octo/hello#42"])
    again: bool = Field(False, description="although our pull request was closed, or merged and the issue reopened")


class Held(Answer):
    """Whether further runs start, and how many go on."""

    paused: bool
    active: int = Field(description="runs that go on")


class Cancelling(Answer):
    """What becomes of a run: one that works is asked to stop and ends soon."""

    run_id: str
    has_ended: bool


class Queued(Answer):
    """The new run of an issue."""

    issue: str
    run_id: str

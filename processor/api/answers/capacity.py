"""What `/api/capacity` answers."""

from typing import Literal

from pydantic import Field

from processor.api.answers.answer import Answer
from processor.model import Priority

LevelName = Literal["low", "medium", "high"]
WishedLevel = Literal["auto", "low", "medium", "high"]


class LevelByHand(Answer):
    """The level that an operator set, until it ends by itself."""

    value: WishedLevel
    set_by: str = Field(examples=["ada@ops1"])
    reason: str = Field(examples=["backup runs"])
    expires_at: float = Field(description="seconds since the epoch", examples=[1795748400.0])


class HostCapacity(Answer):
    """What a living service starts now."""

    level: LevelName
    parallel: int = Field(description="most runs at once, within max_parallel", examples=[3])
    poll_interval_seconds: float = Field(description="how often GitHub is asked for issues", examples=[900.0])
    reason: str = Field(description="why this level is in force", examples=["load average 1.4 of 2 processors"])


class LevelStarts(Answer):
    """What a level lets start."""

    parallel: int = Field(description="most runs at once on a host, within max_parallel", examples=[5])
    priorities: list[Priority] = Field(description="issues of these start", examples=[["critical", "high", "medium"]])
    then_priorities: list[Priority] = Field(
        description="these too, once nothing of `priorities` waits", examples=[["low"]]
    )
    poll_interval_seconds: float = Field(description="how often GitHub is asked for issues", examples=[600.0])


class LevelsStart(Answer):
    """What each level lets start."""

    low: LevelStarts
    medium: LevelStarts
    high: LevelStarts


class Capacity(Answer):
    """The level of every host, and what each level starts."""

    level: WishedLevel = Field(description="the setting in force; auto has each host follow its load")
    override: LevelByHand | None = Field(description="null while nobody set a level by hand")
    hosts: dict[str, HostCapacity] = Field(description="every living service, by its name")
    levels: LevelsStart
    waiting: dict[Priority, int] = Field(description="runs that wait, by priority", examples=[{"high": 2}])

"""How much is started under which load of the host."""

from typing import Literal

from pydantic import Field

from processor.model import Priority
from processor.settings.sections.section import Integer, Number, Seconds, Section

LevelName = Literal["low", "medium", "high"]
_CRITICAL, _HIGH, _MEDIUM, _LOW = Priority


class CapacityLevel(Section):
    """What one level of load lets start; what it holds back waits in the backlog."""

    parallel: Integer = Field(3, ge=1, le=64, description="most runs at once on a host; max_parallel may be lower")
    priorities: tuple[Priority, ...] = Field((_CRITICAL, _HIGH), description="issues of these start")
    then_priorities: tuple[Priority, ...] = Field(
        (), description="these start too, once nothing of `priorities` waits that could start"
    )
    poll_interval_seconds: Seconds = Field(900, description="how often GitHub is asked for issues")


class LoadLimits(Section):
    """A host is at a level as soon as one of its readings reaches the level's limit."""

    cpu_ratio: Number = Field(0.7, gt=0, le=1, description="share of the processors in use, over the last minute")
    memory_ratio: Number = Field(0.8, gt=0, le=1, description="share of memory in use")
    load_per_core: Number = Field(1.5, gt=0, description="load average of one minute per processor")
    disk_ratio: Number = Field(0.9, gt=0, le=1, description="share of the fuller one of the disks of state and logs")


class Automatic(Section):
    """When `level` is auto: at which load a host goes to which level, and when back."""

    medium: LoadLimits = Field(default_factory=LoadLimits, description="limits of medium")
    high: LoadLimits = Field(
        default_factory=lambda: LoadLimits(cpu_ratio=0.9, memory_ratio=0.9, load_per_core=3, disk_ratio=0.95),
        description="limits of high",
    )
    hysteresis_ratio: Number = Field(
        0.1, ge=0, lt=1, description="a level is left only when every reading is so much of its limit below it"
    )
    minimum_stay_seconds: Number = Field(120, ge=0, description="a level holds at least so long")


class Capacity(Section):
    """How much is started under which load; low, medium and high name the load of the host."""

    level: Literal["auto", "low", "medium", "high"] = Field(
        "auto", description="auto follows the load of each host; a name holds for all"
    )
    low: CapacityLevel = Field(
        default_factory=lambda: CapacityLevel(
            parallel=5, priorities=(_CRITICAL, _HIGH, _MEDIUM), then_priorities=(_LOW,), poll_interval_seconds=600
        ),
        description="under low load",
    )
    medium: CapacityLevel = Field(default_factory=CapacityLevel, description="under medium load")
    high: CapacityLevel = Field(
        default_factory=lambda: CapacityLevel(parallel=1, priorities=(_CRITICAL,), poll_interval_seconds=1800),
        description="under high load",
    )
    automatic: Automatic = Field(default_factory=Automatic)

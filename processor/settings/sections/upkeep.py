"""Backups and upkeep: when they are done, and what stays for how long."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from processor.settings.sections.section import FilePath, Flag, Integer, Number, Section

ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=['"02:30"'])]


class Backup(Section):
    """Backups of ledger, engine and settings files; the clock is that of `timezone`."""

    enabled: Flag = Field(True, description="false makes none by the clock; `aip backup create` works as ever")
    directory: FilePath = Field(Path("backups"), description="folder of the backups; best on another disk")
    daily_at: ClockTime = Field("02:30", description="when the service makes one; a missed one is made up once")
    keep_daily: Integer = Field(7, ge=1, le=400, description="days of which the newest backup stays")
    keep_weekly: Integer = Field(4, ge=0, le=200, description="weeks, from Monday, of which the newest backup stays")


class UpkeepRules(Section):
    """Upkeep of memory, disk, network and database; the clock is that of `timezone`."""

    enabled: Flag = Field(True, description="false does none by the clock; `aip maintain` works as ever")
    daily_at: ClockTime = Field("03:30", description="when each service does it; what was missed is made up once")
    compress_logs_days: Number = Field(7, ge=1, description="logs that nothing writes any more are compressed then")
    temporary_days: Number = Field(1, ge=1, description="temporary folders of runs that are over are deleted then")
    cache_days: Number = Field(3, ge=1, description="mirrors of repositories without a run for so long are deleted")
    keep_run_output_days: Number = Field(
        30, ge=1, description="what agents and checks of a run printed is deleted then"
    )
    keep_large_values_days: Number = Field(
        90, ge=7, description="patch, gate report and the agent's words of a run go then; the run stays"
    )
    keep_incidents_days: Number = Field(400, ge=60, description="incidents of alerts that ended are deleted then")
    keep_findings_days: Number = Field(30, ge=1, description="what checks said of a base commit is forgotten then")

"""Backups: where they lie, when they are made, how many stay."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from processor.settings.sections.section import FilePath, Flag, Integer, Section

ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=['"02:30"'])]


class Backup(Section):
    """Backups of ledger, engine and settings files; the clock is that of `timezone`."""

    enabled: Flag = Field(True, description="false makes none by the clock; `aip backup create` works as ever")
    directory: FilePath = Field(Path("backups"), description="folder of the backups; best on another disk")
    daily_at: ClockTime = Field("02:30", description="when the service makes one; a missed one is made up once")
    keep_daily: Integer = Field(7, ge=1, le=400, description="days of which the newest backup stays")
    keep_weekly: Integer = Field(4, ge=0, le=200, description="weeks, from Monday, of which the newest backup stays")

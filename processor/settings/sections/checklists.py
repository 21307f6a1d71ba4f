"""The daily and weekly checklists: when each section is evaluated, and from which number on an item is not well."""

from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from processor.model import CHECKLIST_SECTIONS, Turn, newest_turn
from processor.settings.sections.reports import Clock, Share
from processor.settings.sections.section import Flag, Integer, Number, Seconds, Section


class ChecklistLimits(Section):
    """From which number on an item asks for attention; the handbook's own come first."""

    cpu_ratio: Share = Field(0.70, description="highest share in use of a host's processors, mean of hours or a week")
    memory_ratio: Share = Field(0.80, description="highest share in use of its memory")
    disk_ratio: Share = Field(0.80, description="highest share in use of the fullest disk that holds our folders")
    success_ratio: Share = Field(0.85, description="success rate that the day before should reach")
    failed_success_ratio: Share = Field(0.80, description="a lower success rate has failed")
    errors: Integer = Field(10, ge=0, description="more ERROR lines in a day's log than so many have failed")
    oldest_issue_seconds: Seconds = Field(3600, description="longest wait of the oldest issue of the queue")
    long_run_factor: Number = Field(3.0, gt=1, description="a run may take so many times the mean of seven days")
    api_left_ratio: Share = Field(0.10, description="least share of GitHub's rate limit that must be left")
    backup_age_seconds: Seconds = Field(93_600, description="highest age of the newest backup (26 hours)")
    tests_failed_ratio: Share = Field(0.30, description="highest share of a day's changes whose checks failed")
    rejected_ratio: Share = Field(0.30, description="highest share of a day's or week's changes that the gate rejects")
    waiting_reviews: Integer = Field(10, ge=0, description="most pull requests that may wait for a review")
    timeout_used_ratio: Share = Field(
        0.80, description="highest share of the agent's time limit that the longest run may take"
    )
    database_free_ratio: Share = Field(0.25, description="highest share of the ledger's size that may be unused")


class Checklists(Section):
    """Checklists that the service goes through by the clock, in the time zone of `timezone`."""

    enabled: Flag = Field(True, description="false evaluates none by the clock; `aip checklist` works as ever")
    system_health_at: Clock = Field("09:00", description="daily: system health")
    processing_at: Clock = Field("09:15", description="daily: processing")
    metrics_at: Clock = Field("09:30", description="daily: operational metrics")
    quality_at: Clock = Field("09:45", description="daily: quality")
    weekly_at: Clock = Field("10:00", description="on Mondays: the four sections of the weekly list")
    security_alerts_seconds: Annotated[Seconds, Field(ge=60)] = Field(
        3600, description="how often GitHub is asked for security alerts"
    )
    grafana_url: str = Field(
        "http://localhost:3000",
        pattern=r"^https?://[^\s\"<>]+$",
        examples=["http://localhost:3000"],
        description="Grafana as people reach it; items lead there",
    )
    limits: ChecklistLimits = Field(
        default_factory=ChecklistLimits, description="from which number on an item is not well"
    )

    def time_of(self, section: str) -> str:
        """Tell when a section is due, as HH:MM."""
        daily = {
            "system_health": self.system_health_at,
            "processing": self.processing_at,
            "metrics": self.metrics_at,
            "quality": self.quality_at,
        }
        return daily.get(section, self.weekly_at)

    def newest_turns(self, zone: ZoneInfo, now: float) -> tuple[Turn, ...]:
        """Give the newest turn of each section of both lists."""
        return tuple(
            newest_turn(checklist, section, time.fromisoformat(self.time_of(section)), zone, now)
            for checklist, sections in CHECKLIST_SECTIONS.items()
            for section in sections
        )

"""Read what upkeep cares for: disks, ledger, log files, reports, settings in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from processor.checklists.readings.host import LogFiles, Storage, list_log_files, read_disks
from processor.checklists.sources import Sources
from processor.ledger import backups, base_findings, overrides, queries, services
from processor.ledger.backups import BackupRecord
from processor.ledger.queries import HostUseRecord, Room
from processor.ledger.reports import GIVEN_UP
from processor.model import ReportKind
from processor.reports.document import read_report

_MOST_REPORTS = 10
_WEEKS_BEFORE = 4


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The settings that the weekly list looks at, and what the running services make of them."""

    max_parallel: int
    hosts: tuple[tuple[str, str, int], ...]  #: of each live service: host, level of capacity, parallel runs
    minimum_score: float
    security_threshold: float
    timeout_seconds: float
    use_cache: bool
    remembered_findings: int
    overrides: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WeeklyReport:
    """The report of the last closed week: when it was made (of the epoch), its files here, where it did not arrive."""

    week: str
    made_at: float | None
    files: tuple[Path, ...]
    folder: Path
    given_up: tuple[str, ...]  #: channels
    proposals: tuple[str, ...]  #: what it recommends, in its own language
    is_before_the_ledger: bool  #: the week was over before the ledger began


@dataclass(frozen=True)
class Backups:
    """The backups that are kept, the newest first, at a moment (of the epoch)."""

    kept: tuple[BackupRecord, ...]
    now: float


@dataclass(frozen=True)
class HostTrend:
    """What each host carried in the last closed week, and in the four before it."""

    week: Mapping[str, HostUseRecord]
    before: Mapping[str, HostUseRecord]


def read_storage(sources: Sources) -> Storage:
    """Read how full the disks are, and how large the ledger is."""
    with sources.db() as db:
        return Storage(disks=read_disks(sources), ledger_bytes=queries.size_bytes(db))


def read_backups(sources: Sources) -> Backups:
    """Read which backups there are."""
    with sources.db() as db:
        return Backups(backups.list_backups(db), sources.now)


def read_room(sources: Sources) -> Room:
    """Read how much of the ledger is unused."""
    with sources.db() as db:
        return queries.room(db)


def read_log_files(sources: Sources) -> LogFiles:
    """Look at the files of the operator's log on this host."""
    place = sources.settings.main.logs
    current, rotated = list_log_files(sources)
    with sources.db() as db:
        is_alive = services.is_any_alive(db, sources.now)
    return LogFiles(
        current=current,
        rotated=rotated,
        most_bytes=place.max_bytes,
        most_rotated=place.backup_count,
        is_service_alive=is_alive,
    )


def read_settings_in_force(sources: Sources) -> InForce:
    """Read the settings in force."""
    main, gate = sources.settings.main, sources.settings.gate
    with sources.db() as db:
        living = [one for one in services.list_services(db) if one.is_alive(sources.now)]
        return InForce(
            max_parallel=main.max_parallel,
            hosts=tuple((one.host, one.capacity_level or "", one.max_parallel or 0) for one in living),
            minimum_score=gate.minimum_score,
            security_threshold=gate.security_threshold,
            timeout_seconds=main.timeout,
            use_cache=main.use_cache,
            remembered_findings=base_findings.count(db),
            overrides=tuple(one.key for one in overrides.list_overrides(db) if one.is_in_force(sources.now)),
        )


def read_weekly_report(sources: Sources) -> WeeklyReport:
    """Look for the last closed week's report, in the ledger and among the files here.

    Raises:
        ResourceError: another version of this program made it.
    """
    folder = sources.settings.main.reports.directory
    monday = sources.today - timedelta(days=sources.today.weekday() + 7)
    files = sorted(path for path in folder.glob(f"{ReportKind.WEEKLY}_report_{monday:%Y%m%d}.*") if path.is_file())
    with sources.db() as db:
        recent = queries.reports_made(db, _MOST_REPORTS, ReportKind.WEEKLY)
        content = queries.report_content(db, ReportKind.WEEKLY, monday.isoformat())
        is_before = sources.week().end <= queries.made_at(db)
    made = next((one for one in recent if one.date == monday.isoformat()), None)
    return WeeklyReport(
        week=monday.isoformat(),
        made_at=made.made_at if made else None,
        files=tuple(files),
        folder=folder,
        given_up=tuple(one.channel for one in made.deliveries if one.state == GIVEN_UP) if made else (),
        proposals=() if content is None else tuple(one.message for one in read_report(content).recommendations),
        is_before_the_ledger=is_before and made is None,
    )


def read_host_trend(sources: Sources) -> HostTrend:
    """Read what the hosts carried; the week is empty when no service wrote anything down in it."""
    week, before = sources.week(), sources.week(_WEEKS_BEFORE + 1).start
    with sources.db() as db:
        found = queries.host_use_between(db, week.start, week.end)
        return HostTrend(found, queries.host_use_between(db, before, week.start))

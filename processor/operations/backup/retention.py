"""Decide which backups stay: the newest of each of the last days and weeks that have one. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from processor.operations.backup.store import Entry


def superfluous(entries: Sequence[Entry], *, keep_daily: int, keep_weekly: int, zone: ZoneInfo) -> tuple[Entry, ...]:
    """List what may go. The newest good one never goes, and damaged ones go only when a newer one is good.

    Args:
        entries: all backups, in any order.
        keep_daily: so many days that have a good backup.
        keep_weekly: so many weeks, which begin on Monday.
        zone: whose days they are.
    """
    ordered = sorted(entries, key=lambda entry: entry.name, reverse=True)
    good = [entry for entry in ordered if entry.is_good]
    if not good:
        return ()
    days: dict[date, Entry] = {}
    weeks: dict[date, Entry] = {}
    for entry in good:
        day = _day(entry, zone)
        days.setdefault(day, entry)
        weeks.setdefault(day - timedelta(days=day.weekday()), entry)
    kept = [*list(days.values())[:keep_daily], *list(weeks.values())[:keep_weekly]]
    names = {entry.name for entry in kept}
    return tuple(entry for entry in ordered if entry.name not in names and (entry.is_good or entry.name < good[0].name))


def _day(entry: Entry, zone: ZoneInfo) -> date:
    moment = datetime.strptime(f"{entry.name}+0000", "aip-%Y%m%dT%H%M%SZ%z")
    return moment.astimezone(zone).date()

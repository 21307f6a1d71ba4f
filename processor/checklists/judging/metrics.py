"""Judge the daily list's operational metrics. Pure."""

from processor.checklists.judging.gravity import FULL_RATIO, grave_alerts
from processor.checklists.readings.host import Storage
from processor.checklists.readings.told_by_github import RateLimits
from processor.checklists.readings.upkeep import Backups
from processor.checklists.verdict import (
    Evidence,
    Reason,
    See,
    Verdict,
    because,
    count,
    judged,
    percent,
    seconds,
    text,
    unknown,
)
from processor.ledger.queries import RateLimitRecord, SecurityAlertsRecord
from processor.settings.sections import ChecklistLimits


def api_usage(found: RateLimits, limits: ChecklistLimits) -> Verdict:
    """Is enough of GitHub's rate limit left?"""
    if not found.limits:
        return unknown(reasons=[because("github_not_asked")])

    used = [(one, _used(one, found.now)) for one in found.limits]
    return judged(
        *(percent("api_left", 1 - number / one.limit, limits.api_left_ratio, least=True, of=one.resource)
          for one, number in used),
        *(count("api_used", number, of=f"{one.resource} / {one.limit}") for one, number in used),
    )  # fmt: skip


def storage(found: Storage, limits: ChecklistLimits) -> Verdict:
    """Is there room where our data and logs lie?"""
    disks = [percent("disk", ratio, limits.disk_ratio, of=folder) for folder, ratio in found.disks]
    size = Evidence(name="ledger_size", value=found.ledger_bytes, unit="bytes")
    return judged(*disks, size, failed=any(ratio >= FULL_RATIO for _, ratio in found.disks))


def backup(found: Backups, limits: ChecklistLimits) -> Verdict:
    """Is there a fresh backup, and was it restored on trial?"""
    if not found.kept:
        return judged(count("backups_kept", 0, 1, least=True), failed=True, reasons=[because("no_backup")])
    newest = found.kept[0]
    age = found.now - newest.made_at
    trials = {None: "not yet", True: "sound", False: "damaged"}
    evidence = (
        seconds("backup_age", age, limits.backup_age_seconds, of=newest.host),
        Evidence(name="backup_size", value=newest.size_bytes, unit="bytes"),
        text("backup_verified", trials[newest.is_sound]),
        count("backups_kept", len(found.kept)),
    )
    is_lost = newest.is_sound is False or age > 2 * limits.backup_age_seconds
    return judged(*evidence, failed=is_lost, attention=newest.is_sound is None, see=[See(text=newest.name)])


def security_alerts(found: tuple[SecurityAlertsRecord, ...], _limits: ChecklistLimits) -> Verdict:
    """Which security alerts are open on GitHub?"""
    if not found:
        return unknown(reasons=[because("github_not_asked")])
    known = [one for one in found if one.counts is not None]
    grave = sum(map(grave_alerts, known))
    total = sum(map(_total, known))
    evidence = (
        count("open_alerts", total, 0) if known else count("open_alerts", None),
        count("grave_alerts", grave, 0) if known else count("grave_alerts", None),
        *(count("alerts_of_kind", _total(one), of=f"{one.kind}, {one.repository}") for one in known),
    )
    silent = [_silence(one) for one in found if one.counts is None]
    if total == 0 and silent:
        return unknown(*evidence, reasons=silent)
    return judged(*evidence, failed=grave > 0, reasons=silent)


def _used(one: RateLimitRecord, now: float) -> int:
    """Count the requests of the limit's hour; when that is over, none is used of the next."""
    return 0 if one.reset_at <= now else one.limit - one.remaining


def _total(one: SecurityAlertsRecord) -> int:
    return sum((one.counts or {}).values())


def _silence(one: SecurityAlertsRecord) -> Reason:
    if one.reason == "not enabled":
        return because("alerts_not_enabled", kind=one.kind, repository=one.repository)
    return because("alerts_not_told", kind=one.kind, repository=one.repository)

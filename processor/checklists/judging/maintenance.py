"""Judge the weekly list's items of maintenance. Pure."""

from processor.checklists.readings.host import LogFiles
from processor.checklists.readings.packages import Outdated
from processor.checklists.verdict import (
    Evidence,
    See,
    Verdict,
    asks_a_person,
    because,
    count,
    judged,
    percent,
    unknown,
)
from processor.ledger.queries import Room, SecurityAlertsRecord
from processor.settings.sections import ChecklistLimits

#: A small ledger with unused room is nothing to care for.
_SMALL_BYTES = 10_000_000
#: A line more than the limit fits in before a file is rotated.
_ROTATION_SLACK = 1.1


def log_rotation(found: LogFiles, _limits: ChecklistLimits) -> Verdict:
    """Is the operator's log rotated as the settings say?"""
    if found.current is None:
        reasons = [because("no_log")]
        return judged(failed=True, reasons=reasons) if found.is_service_alive else unknown(reasons=reasons)
    largest = max(one.size_bytes for one in (found.current, *found.rotated))
    return judged(
        Evidence(
            name="log_size", value=found.current.size_bytes, unit="bytes", limit=_ROTATION_SLACK * found.most_bytes
        ),
        Evidence(name="largest_log", value=largest, unit="bytes", limit=_ROTATION_SLACK * found.most_bytes),
        count("rotated_logs", len(found.rotated), found.most_rotated),
    )


def dependencies(found: Outdated | None, _limits: ChecklistLimits) -> Verdict:
    """Which packages of this installation have a newer version? One that our own requirements refuse is no fault."""
    if found is None:
        return unknown(reasons=[because("no_package_index")])
    free = [one for one in found.newer if not one.held_by]
    held = [one for one in found.newer if one.held_by]
    see = [
        *(See(text=f"{one.name} {one.ours} → {one.newest}") for one in free),
        *(See(text=f"{one.name} {one.ours} → {one.newest} ({', '.join(one.held_by)})") for one in held),
    ]
    return judged(
        count("outdated", len(free), 0), count("held_back", len(held)), count("packages", found.installed), see=see
    )


def security_patches(found: tuple[SecurityAlertsRecord, ...], _limits: ChecklistLimits) -> Verdict:
    """Are patches missing? GitHub knows those of dependencies, a person those of the hosts."""
    ours = [one for one in found if one.kind == "dependabot"]
    by_severity: dict[str, int] = {}
    for one in ours:
        for severity, number in (one.counts or {}).items():
            by_severity[severity] = by_severity.get(severity, 0) + number
    evidence = [
        count("dependabot_alerts", sum(by_severity.values()) if any(one.counts is not None for one in ours) else None),
        *(count("alerts_of_severity", number, of=severity) for severity, number in sorted(by_severity.items())),
    ]
    if by_severity.get("critical", 0) + by_severity.get("high", 0):
        return judged(*evidence, failed=True)
    return asks_a_person(*evidence)


def database(found: Room, limits: ChecklistLimits) -> Verdict:
    """Does the ledger hold much unused room?"""
    is_small = found.size_bytes < _SMALL_BYTES
    vacuumed = (
        [] if found.vacuumed_at is None else [Evidence(name="vacuumed_at", value=found.vacuumed_at, unit="moment")]
    )
    return judged(
        Evidence(name="ledger_size", value=found.size_bytes, unit="bytes"),
        percent("unused", found.free_ratio, None if is_small else limits.database_free_ratio),
        *vacuumed,
    )

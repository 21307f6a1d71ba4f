"""Judge the daily list's items of system health. Pure."""

from collections.abc import Mapping

from processor.checklists.judging.gravity import FULL_RATIO, GRAVE, most_frequent
from processor.checklists.readings.host import HostLoad
from processor.checklists.readings.services import Services
from processor.checklists.verdict import See, Verdict, because, count, judged, percent, seconds, text, unknown
from processor.settings.sections import ChecklistLimits


def system_status(found: Services, _limits: ChecklistLimits) -> Verdict:
    """Is the system up, does it take issues, does an alert fire?"""
    grave = sum(number for (_, severity), number in found.firing.items() if severity in GRAVE)
    # Of alerts that nobody tells us none is not 0; those that were told are shown nevertheless.
    is_known = found.hears_of_alerts or bool(found.firing)
    evidence = [
        count("services_alive", len(found.alive), 1, least=True),
        count("alerts_firing", sum(found.firing.values()) if is_known else None, 0),
        count("grave_alerts_firing", grave if is_known else None, 0),
        *(text("state", one.state, of=one.instance) for one in found.alive),
    ]
    reasons = [] if found.paused_by is None else [because("paused", by=found.paused_by)]
    reasons += [] if found.hears_of_alerts else [because("no_alertmanager")]
    is_held = found.paused_by is not None or any(one.state != "running" for one in found.alive)
    see = [See(text=alert) for alert, _ in sorted(found.firing)]
    return judged(*evidence, failed=not found.alive or grave > 0, attention=is_held, reasons=reasons, see=see)


def process_alive(found: Services, _limits: ChecklistLimits) -> Verdict:
    """Does each process still say that it lives?"""
    beats = [
        seconds("heartbeat_age", max(0.0, found.now - one.heartbeat_at), 15, of=one.instance) for one in found.expected
    ]
    pids = [text("pid", str(one.pid), of=one.instance) for one in found.expected]
    return judged(
        count("services_alive", len(found.alive), max(1, len(found.expected)), least=True),
        *beats,
        *pids,
        failed=not found.alive,
    )


def resource_use(hosts: tuple[HostLoad, ...], limits: ChecklistLimits) -> Verdict:
    """Are processors, memory and disks of each host within the handbook's limits?"""
    evidence = [
        piece
        for one in hosts
        for piece in (
            percent("cpu", one.cpu, limits.cpu_ratio, of=one.host),
            percent("memory", one.memory, limits.memory_ratio, of=one.host),
            percent("disk", one.disk, limits.disk_ratio, of=one.host),
        )
    ]
    return judged(*evidence, failed=any(max(one.memory, one.disk) >= FULL_RATIO for one in hosts))


def log_errors(errors: Mapping[str, int] | None, limits: ChecklistLimits) -> Verdict:
    """How many errors did the day before bring, and of which type?"""
    if errors is None:
        return unknown(reasons=[because("no_log_of_the_day")])
    total = sum(errors.values())
    types = [count("errors_of_type", number, of=kind) for kind, number in most_frequent(errors)]
    return judged(count("error_lines", total, limits.errors), *types, failed=total > limits.errors, attention=total > 0)

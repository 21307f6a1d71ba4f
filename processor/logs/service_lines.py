"""Say in the operator's log what the service did between runs; nothing here is an `ERROR` or counts as an issue."""

from datetime import datetime

from processor.errors import ErrorType
from processor.logs.event_lines import Level, Line, LineType
from processor.model import IssueRef


def poll_finished(repository: str, *, found: int, queued: int, skipped: int, waiting: int = 0) -> Line:
    """Say how many open issues with the label a poll found, and what became of them.

    Args:
        waiting: held back by a first start until an operator lets them go; left out when there are none.
    """
    counts = {"found": found, "queued": queued, "skipped": skipped} | ({"waiting": waiting} if waiting else {})
    fields = (("repository", repository), *((name, str(count)) for name, count in counts.items()))
    return Line(Level.INFO, LineType.POLL_FINISHED, fields)


def poll_failed(repository: str, error_type: ErrorType, message: str) -> Line:
    """Say that a repository could not be polled; the next poll tries again."""
    fields = (("repository", repository), ("error_type", str(error_type)), ("message", message))
    return Line(Level.WARNING, LineType.POLL_FAILED, fields)


def issue_skipped(issue: IssueRef, reason: str) -> Line:
    """Say that intake refused an issue; to be written once per issue and change of reason."""
    return Line(Level.INFO, LineType.ISSUE_SKIPPED, (("issue", str(issue)), ("reason", reason)))


def retry_scheduled(issue: IssueRef, error_type: ErrorType, *, attempt: int, delay_seconds: float) -> Line:
    """Say that an attempt failed and when the next one starts; the run goes on."""
    fields = (
        ("issue", str(issue)),
        ("error_type", str(error_type)),
        ("attempt", str(attempt)),
        ("delay_seconds", f"{delay_seconds:g}"),
    )
    return Line(Level.WARNING, LineType.RETRY_SCHEDULED, fields)


def rate_limited(retry_at: datetime) -> Line:
    """Say that GitHub asked us to wait, and until when (aware, any zone)."""
    # No date: the weekly script would count the line for that day too.
    until = retry_at.astimezone().strftime("%H:%M:%S")
    return Line(Level.WARNING, LineType.RATE_LIMITED, (("until", until),))


def setting_changed(key: str, before: str, after: str) -> Line:
    """Say that a setting has another value now; the values are as in a settings file."""
    fields = (("setting", key), ("before", before), ("after", after))
    return Line(Level.WARNING, LineType.SETTING_CHANGED, fields)


def settings_rejected(fault: str, faults: int) -> Line:
    """Say that settings are wrong and the last good ones stay in force."""
    return Line(Level.WARNING, LineType.SETTINGS_REJECTED, (("faults", str(faults)), ("message", fault)))


def override_ending(key: str, ends_at: datetime) -> Line:
    """Say that a setting goes back soon, and when (aware, any zone)."""
    until = ends_at.astimezone().strftime("%H:%M:%S")
    return Line(Level.WARNING, LineType.OVERRIDE_ENDING, (("setting", key), ("ends", until)))


def override_ended(key: str, after: str) -> Line:
    """Say that a setting went back because its time was over, and to what."""
    return Line(Level.WARNING, LineType.OVERRIDE_ENDED, (("setting", key), ("after", after)))


def capacity_changed(before: str, after: str, reason: str) -> Line:
    """Say that this host is at another level of capacity."""
    fields = (("before", before), ("after", after), ("reason", reason))
    return Line(Level.WARNING, LineType.CAPACITY_CHANGED, fields)


def service_started(version: str, instance: str) -> Line:
    """Say that the service is ready to work."""
    return Line(Level.INFO, LineType.SERVICE_STARTED, (("version", version), ("instance", instance)))


def service_draining(active_runs: int) -> Line:
    """Say that no new run starts and how many are waited for."""
    return Line(Level.INFO, LineType.SERVICE_DRAINING, (("active_runs", str(active_runs)),))


def service_stopped(reason: str) -> Line:
    """Say that the service ends."""
    return Line(Level.INFO, LineType.SERVICE_STOPPED, (("reason", reason),))

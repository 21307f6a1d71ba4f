"""The operator's log as the service writes it: every finished run exactly once, however often its end is told."""

from datetime import UTC, datetime
from pathlib import Path

from processor.errors import ErrorType, ProcessorError
from processor.ledger.records import RunRecord
from processor.logs import EventLog, FinishedRun, run_finished, service_lines
from processor.model import IssueRef

_TAIL_BYTES = 1_000_000


class Journal:
    """Writes the event lines of one service."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    @property
    def path(self) -> Path:
        """The file that is written to now."""
        return self._log.path

    def run_finished(self, run: RunRecord, *, is_first: bool) -> None:
        """Write how a run ended; one that is told again is looked up, for a crash may have come before this line."""
        if run.outcome is None or (not is_first and self._has(run.run_id)):
            return
        self._log.write(
            *run_finished(
                FinishedRun(
                    run_id=run.run_id,
                    issue=run.ref,
                    outcome=run.outcome,
                    priority=run.priority,
                    duration_seconds=run.duration_seconds or 0.0,
                    attempts=run.attempts,
                    is_dry_run=run.is_dry_run,
                    is_canary=run.is_canary,
                    error_type=ErrorType(run.error_type) if run.error_type else None,
                    message=run.error_message or "",
                    gate_score=run.gate_score,
                    pull_request=run.pull_request_url or "",
                )
            )
        )

    def retry_scheduled(self, run: RunRecord, error_type: ErrorType, *, attempt: int, delay_seconds: float) -> None:
        """Write that a failed attempt is tried again; of a canary's run the log has its end alone."""
        if run.is_canary:
            return
        self._log.write(
            service_lines.retry_scheduled(run.ref, error_type, attempt=attempt, delay_seconds=delay_seconds)
        )

    def poll_finished(self, repository: str, *, found: int, queued: int, skipped: int, waiting: int) -> None:
        """Write what a poll brought."""
        self._log.write(
            service_lines.poll_finished(repository, found=found, queued=queued, skipped=skipped, waiting=waiting)
        )

    def poll_failed(self, repository: str, error: ProcessorError) -> None:
        """Write why a poll failed."""
        self._log.write(service_lines.poll_failed(repository, error.error_type, str(error)))

    def issue_skipped(self, ref: IssueRef, reason: str) -> None:
        """Write why an issue is not processed, when the reason is a new one."""
        self._log.write(service_lines.issue_skipped(ref, reason))

    def rate_limited(self, retry_at: datetime) -> None:
        """Write that GitHub asked us to wait."""
        self._log.write(service_lines.rate_limited(retry_at))

    def setting_changed(self, key: str, before: str, after: str) -> None:
        """Write that a setting has another value now."""
        self._log.write(service_lines.setting_changed(key, before, after))

    def settings_rejected(self, fault: str, faults: int) -> None:
        """Write that settings are wrong and the last good ones hold."""
        self._log.write(service_lines.settings_rejected(fault, faults))

    def override_ending(self, key: str, ends_at: float) -> None:
        """Write that a setting goes back soon."""
        self._log.write(service_lines.override_ending(key, datetime.fromtimestamp(ends_at, UTC)))

    def override_ended(self, key: str, after: str) -> None:
        """Write that a setting went back by itself."""
        self._log.write(service_lines.override_ended(key, after))

    def capacity_changed(self, before: str, after: str, reason: str) -> None:
        """Write that this host is at another level."""
        self._log.write(service_lines.capacity_changed(before, after, reason))

    def started(self, version: str, instance: str) -> None:
        """Write that the service works."""
        self._log.write(service_lines.service_started(version, instance))

    def draining(self, active: int) -> None:
        """Write that no new run starts."""
        self._log.write(service_lines.service_draining(active))

    def stopped(self, reason: str) -> None:
        """Write the last line and close."""
        self._log.write(service_lines.service_stopped(reason))
        self._log.close()

    def _has(self, run_id: str) -> bool:
        wanted = f" run={run_id} ".encode()
        return any(wanted in _tail(path) for path in (self._log.path, Path(f"{self._log.path}.1")))


def _tail(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            return file.read()
    except FileNotFoundError:
        return b""

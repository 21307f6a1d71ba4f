"""Put together the runs that a log tells of, line by line; the logs of one name are one story, oldest first."""

import json
from zoneinfo import ZoneInfo

from processor.ledger.imports import Claim, ImportedRecord, ImportedRun
from processor.logs import PROCESS_REDACTOR
from processor.operations.legacy import old_values, status_rows
from processor.operations.legacy.findings import Findings, Misfit, identity
from processor.operations.legacy.log_grammar import LogLine, read_line
from processor.operations.legacy.open_run import OpenRun


class LogStory:
    """Reads the lines of one log and of those that it was rotated into."""

    def __init__(self, findings: Findings, repository: str, zone: ZoneInfo) -> None:
        self._findings = findings
        self._repository = repository
        self._zone = zone
        self._open: dict[int, OpenRun] = {}
        self._current: int | None = None

    def take(self, file: str, number: int, line: str) -> None:
        """Take one line."""
        told = read_line(line)
        if told is None:
            return
        if told.kind == "ours":
            self._findings.rows["of this service"] += 1
            return
        try:
            at = old_values.moment("the line's date", told.at, self._zone) if told.at else None
            self._take(told, at, f"{file}:{number}")
        except Misfit as exc:
            self._findings.reject(file, number, str(exc), PROCESS_REDACTOR.redact(line))

    def end(self) -> None:
        """Take the runs whose end never came."""
        for run in list(self._open.values()):
            self._close(run)

    def _take(self, told: LogLine, at: float | None, place: str) -> None:
        if told.kind == "crashed":
            self._crashed(told, at, place)
            return
        self._close_what_is_over(told)
        run = self._run_of(told, at, place)
        if run is None:
            raise Misfit(f"tells of a run ({told.kind.replace('_', ' ')}) that no line began")
        if run.take(told, at):
            self._close(run)

    def _close_what_is_over(self, told: LogLine) -> None:
        """Close runs that have no last line of their own: the original system did one issue after the other."""
        if told.kind == "started":
            self.end()
        known = self._open.get(told.issue or 0)
        if known is None:
            return
        is_next = told.kind == "succeeded_alone" and known.started_at is None and known.claimed is Claim.SUCCESS
        if is_next or (told.pull is not None and known.pull is not None and told.pull != known.pull):
            self._close(known)

    def _run_of(self, told: LogLine, at: float | None, place: str) -> OpenRun | None:
        number = told.issue if told.issue is not None else self._current
        if number is None or (number not in self._open and told.issue is None):
            return None
        self._current = number
        started_at = at if told.kind == "started" else None
        return self._open.setdefault(number, OpenRun(number, place, started_at=started_at))

    def _close(self, run: OpenRun) -> None:
        self._open.pop(run.issue, None)
        start = run.started_at
        if start is None and run.seconds is not None and run.last_at is not None:
            start = run.last_at - run.seconds
        is_over = run.claimed is not Claim.UNKNOWN
        key = run.started_at if run.started_at is not None else run.last_at
        self._findings.add_run(
            ImportedRun(
                identity=identity("log", self._repository, run.issue, key if key is not None else run.place),
                source="log",
                place=run.place,
                repository=self._repository,
                issue=run.issue,
                title=PROCESS_REDACTOR.redact(run.title),
                priority=run.priority,
                claimed=run.claimed,
                started_at=start,
                finished_at=run.last_at if is_over else None,
                seconds=run.seconds,
                error_message=run.error and PROCESS_REDACTOR.redact(run.error),
                pull_request=run.pull or status_rows.pull_number(run.url),
                pull_request_url=run.url,
            )
        )

    def _crashed(self, told: LogLine, at: float | None, place: str) -> None:
        content = json.dumps({"message": PROCESS_REDACTOR.redact(told.text)}, ensure_ascii=False)
        key = at if at is not None else place
        self._findings.add_record(
            ImportedRecord(
                identity=identity("log_error", self._repository, key, content),
                kind="log_error",
                place=place,
                at=at,
                issue=None,
                pull_request=None,
                content=content,
            )
        )

"""Take over the objects of JSON files: most of them as they are, those that tell of runs as runs too."""

import json
from typing import Any, Final
from zoneinfo import ZoneInfo

from processor.ledger.imports import Claim, ImportedRecord, ImportedRun
from processor.logs import PROCESS_REDACTOR
from processor.operations.legacy import formats, old_values
from processor.operations.legacy.findings import Findings, Misfit, identity
from processor.operations.legacy.json_rows import Row

_UTC: Final = ZoneInfo("UTC")
_LONGEST_CONTENT: Final = 100_000
_GOOD: Final = frozenset({"success", "completed", "partial_success"})
#: Keys of the files that this service writes under the old names.
_OURS: Final = ({"summary", "starts_at", "made_at"}, {"recent_issues", "updated_at", "issues"})
_SKIPPED: Final = frozenset({"already_exists", "skipped"})


class ObjectReader:
    """Takes objects of one import."""

    def __init__(self, findings: Findings, repository: str, zone: ZoneInfo) -> None:
        self._findings = findings
        self._repository = repository
        self._zone = zone

    def take(self, file: str, row: Row) -> None:
        """Take one object, or note why it cannot be taken."""
        if row.value is None:
            self._findings.reject(file, row.line, row.fault, PROCESS_REDACTOR.redact(row.excerpt))
            return
        try:
            self._take(file, row.line, row.value)
        except Misfit as exc:
            shown = PROCESS_REDACTOR.redact(json.dumps(row.value, ensure_ascii=False, default=str))
            self._findings.reject(file, row.line, str(exc), shown)

    def take_named(self, file: str, kind: str, value: dict[str, Any]) -> None:
        """Take a whole file as one record."""
        self._record(file, 1, formats.Format(kind=kind, needs={}, at=""), value)

    def _take(self, file: str, line: int, value: dict[str, Any]) -> None:
        if any(keys <= value.keys() for keys in _OURS):
            self._findings.rows["of this service"] += 1
            return
        form = formats.format_of(value)
        if form is None:
            raise Misfit(f"is no object that is known; it has {', '.join(sorted(map(str, value))[:6]) or 'no keys'}")
        if wrong := formats.wrong_type(form, value):
            raise Misfit(wrong)
        if form.kind == "attempt":
            self._attempt(file, line, form, value)
        else:
            if form.kind == "reopened":
                self._reopened(file, line, value)
            self._record(file, line, form, value)

    def _attempt(self, file: str, line: int, form: formats.Format, value: dict[str, Any]) -> None:
        """Take the start of a run, which is all that the file keeps."""
        number = old_values.issue(form.issue, value[form.issue])
        start = old_values.moment("timestamp", value["timestamp"], self._zone)
        self._add_run(file, line, "processing_json", number, Claim.UNKNOWN, started_at=start)

    def _reopened(self, file: str, line: int, value: dict[str, Any]) -> None:
        result = value["result"]
        status = str(result.get("status", "")).lower()
        claimed = Claim.SUCCESS if status in _GOOD else Claim.SKIPPED if status in _SKIPPED else Claim.ERROR
        pull = result.get("pr_number")
        self._add_run(
            file,
            line,
            "reopened",
            old_values.issue("issue_number", value["issue_number"]),
            claimed,
            finished_at=old_values.moment("timestamp", value["timestamp"], self._zone),
            pull_request=None if pull is None else old_values.issue("pr_number", pull),
            pull_request_url=old_values.text(result.get("pr_url")),
        )

    def _add_run(self, file: str, line: int, source: str, number: int, claimed: Claim, **known: Any) -> None:
        at = known.get("started_at", known.get("finished_at"))
        self._findings.add_run(
            ImportedRun(
                identity=identity(source, self._repository, number, at),
                source=source,
                place=f"{file}:{line}",
                repository=self._repository,
                issue=number,
                claimed=claimed,
                **known,
            )
        )

    def _record(self, file: str, line: int, form: formats.Format, value: dict[str, Any]) -> None:
        content = json.dumps(PROCESS_REDACTOR.redact_value(value), ensure_ascii=False, sort_keys=True)
        if len(content) > _LONGEST_CONTENT:
            raise Misfit(f"has {len(content)} characters, more than {_LONGEST_CONTENT}")
        self._findings.add_record(
            ImportedRecord(
                identity=identity(form.kind, self._repository, content),
                kind=form.kind,
                place=f"{file}:{line}",
                at=self._at(form, value),
                issue=_number(form.issue, value),
                pull_request=_number(form.pull_request, value),
                content=content,
            )
        )

    def _at(self, form: formats.Format, value: dict[str, Any]) -> float | None:
        found = value.get(form.at) if form.at else None
        if found is None:
            return None
        if form.kind == "lock":
            return old_values.epoch(form.at, found)
        return old_values.moment(form.at, found, _UTC if form.is_utc else self._zone)


def _number(key: str, value: dict[str, Any]) -> int | None:
    return old_values.issue(key, value[key]) if key else None

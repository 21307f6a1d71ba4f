"""What a service does about reports: make what is due, keep its files, send what waits, keep the old scripts' file.

Everything that a report is made of is loaded when one is made, not with the service: most looks find nothing to do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from processor import logs
from processor.errors import ResourceError
from processor.ledger import queries, reports
from processor.ledger.connection import Ledger
from processor.ledger.reports import MadeReport
from processor.model import ReportKind
from processor.reports.channels import channels_of
from processor.reports.due import due_reports
from processor.reports.legacy_file import LegacyFile
from processor.settings.sections import MainFile

_NEW_SECONDS = 2 * 86_400.0
_LOG = logs.get_logger("reports")


@dataclass
class Reporting:
    """The reports of one service; any number may share a ledger."""

    ledger: Ledger
    settings_now: Callable[[], MainFile]
    instance: str
    clock: Callable[[], float]
    _complaints: dict[str, str] = field(default_factory=dict, init=False)
    _legacy: LegacyFile = field(default_factory=LegacyFile, init=False)
    _seen: frozenset[tuple[str, str]] = field(default=frozenset(), init=False)

    def look(self) -> None:
        """Do what there is to do.

        Raises:
            LedgerError: it cannot be reached; the next look does it.
        """
        main = self.settings_now()
        self._keep("legacy", lambda: self._legacy.keep(self.ledger, main, self.clock()))
        if not main.reports.enabled:
            return
        for kind, first_day in self._due(main):
            self._make(main, kind, first_day)
        self._keep("reports", lambda: self._write_absent(main))
        self._send(main)

    def _due(self, main: MainFile) -> list[tuple[ReportKind, date]]:
        with self.ledger.read() as db:
            last, born_at = queries.last_reported(db), queries.made_at(db)
        clocks = {ReportKind.DAILY: main.reports.daily_at, ReportKind.WEEKLY: main.reports.weekly_at}
        return [
            (kind, first_day)
            for kind, clock in clocks.items()
            for first_day in due_reports(
                kind,
                self.clock(),
                time.fromisoformat(clock),
                ZoneInfo(main.timezone),
                last=date.fromisoformat(last[kind]) if kind in last else None,
                born_at=born_at,
                make_up=main.reports.make_up,
            )
        ]

    def _make(self, main: MainFile, kind: ReportKind, first_day: date) -> None:
        from processor.reports.making import make_report  # noqa: PLC0415  # once a day, and 2 MB that stay

        report = make_report(self.ledger, main, kind, day=first_day, now=self.clock())
        made = MadeReport(
            kind=kind,
            date=report.date,
            made_at=self.clock(),
            made_by=self.instance,
            content=report.model_dump_json(),
        )
        with self.ledger.write() as db:
            is_first = reports.record(db, made, channels_of(main))
        if is_first:
            processed = report.summary.total_issues_processed
            _LOG.info(logs.REPORT_MADE, report=str(kind), date=report.date, processed=processed)

    def _write_absent(self, main: MainFile) -> None:
        """Write the files of new reports, also of those that another service made; older ones are the operator's."""
        with self.ledger.read() as db:
            newest = queries.reports_made(db, 2 * main.reports.make_up)
        made = frozenset((one.kind, one.date) for one in newest if one.made_at > self.clock() - _NEW_SECONDS)
        if made <= self._seen:
            return
        from processor.reports.files import write_absent  # noqa: PLC0415  # as above

        for kind, day in sorted(made - self._seen):
            with self.ledger.read() as db:
                content = queries.report_content(db, kind, day)
            if content is not None:
                write_absent(content, main.reports)
        self._seen = made

    def _send(self, main: MainFile) -> None:
        with self.ledger.read() as db:
            is_waiting = queries.is_delivery_due(db, self.clock())
        if is_waiting:
            from processor.reports.delivery.sending import Sender  # noqa: PLC0415  # as above

            Sender(self.ledger, main, self.clock).send_due()

    def _keep(self, what: str, write: Callable[[], object]) -> None:
        """Write files, and say once why that cannot be done; reports are sent nevertheless."""
        try:
            write()
        except ResourceError as exc:
            if self._complaints.get(what) != str(exc):
                _LOG.error(logs.REPORT_FILE_FAILED, message=str(exc))
            self._complaints[what] = str(exc)
        else:
            self._complaints.pop(what, None)

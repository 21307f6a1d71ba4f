"""`aip report daily` and `aip report weekly`: a report now, of any period that is over."""

import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from processor.cli import options, screen
from processor.cli.state import command_ledger
from processor.errors import UsageError
from processor.model import ReportKind
from processor.reports.channels import channels_of
from processor.reports.delivery.sending import Sender
from processor.reports.document import AnyReport
from processor.reports.document_parts import Language
from processor.reports.files import write_files, written
from processor.reports.making import make_report
from processor.settings.sections import ReportFormat

_Date = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="A day; the last one when absent.")]
_WeekDate = Annotated[
    str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="A day of the week; the last week when absent.")
]
_Format = Annotated[
    Literal["json", "html", "markdown", "text"] | None,
    typer.Option("--format", help="How it is written; text when absent."),
]
_Language = Annotated[Literal["en", "ja"] | None, typer.Option("--language", help="That of the settings when absent.")]
_Output = Annotated[
    Path | None, typer.Option("--output", metavar="DIR", help="Write a file into this folder instead of printing.")
]

_Send = Annotated[
    bool, typer.Option("--send", help="Send it now on the channels of the settings instead of printing it.")
]


@dataclass(frozen=True)
class _Asked:
    """What the options say."""

    day: str | None
    format: ReportFormat
    language: Language | None
    folder: Path | None
    is_sent: bool


def daily(
    context: typer.Context,
    *,
    date_: _Date = None,
    format_: _Format = None,
    language: _Language = None,
    output: _Output = None,
    send: _Send = False,
    as_json: options.Json = False,
) -> None:
    """Report on a day that is over.

    Days begin at midnight in the time zone of the settings. The numbers are those of the ledger, and the same as on the
    dashboards.

    Example: aip report daily --date 2026-11-26 --format html --output reports
    """
    asked = _Asked(date_, _one_format(format_, is_json=as_json), language, output, is_sent=send)
    _report(context, ReportKind.DAILY, asked)


def weekly(
    context: typer.Context,
    *,
    date_: _WeekDate = None,
    format_: _Format = None,
    language: _Language = None,
    output: _Output = None,
    send: _Send = False,
    as_json: options.Json = False,
) -> None:
    """Report on a week that is over.

    Weeks begin on Monday at midnight in the time zone of the settings. What waits for next week is told of the last
    week only.

    Example: aip report weekly --format markdown
    """
    asked = _Asked(date_, _one_format(format_, is_json=as_json), language, output, is_sent=send)
    _report(context, ReportKind.WEEKLY, asked)


def _one_format(format_: ReportFormat | None, *, is_json: bool) -> ReportFormat:
    if is_json and format_ not in {None, "json"}:
        raise UsageError(f"--json and --format {format_} exclude each other; use one of them")
    return "json" if is_json else format_ or "text"


def _report(context: typer.Context, kind: ReportKind, asked: _Asked) -> None:
    day = None if asked.day is None else _day(asked.day)
    if asked.is_sent and asked.folder is not None:
        raise UsageError("--send and --output exclude each other; use one of them")
    with command_ledger(context) as (settings, ledger):
        report = make_report(ledger, settings.main, kind, day=day, now=time.time(), language=asked.language)
        if asked.is_sent:
            _send(Sender(ledger, settings.main, time.time), report)
            return
    thresholds = settings.main.reports.thresholds
    if asked.folder is None:
        sys.stdout.write(written(report, asked.format, thresholds))
        return
    for path in write_files(report, (asked.format,), asked.folder, thresholds):
        screen.say(str(path))


def _send(sender: Sender, report: AnyReport) -> None:
    channels = channels_of(sender.main)
    if not channels:
        raise UsageError("there is no channel to send it on; set reports.email.enabled or reports.webhook.enabled")
    for channel in channels:
        sender.hand_over(report, channel)
        screen.say(f"{channel}: delivered")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"--date {text} is no date; write it as YYYY-MM-DD, such as 2026-11-26") from exc

"""`aip analyze`: how long the work on issues took, from the ledger or from logs."""

from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from processor.cli import analyze_text, options, screen
from processor.cli.waiting import busy
from processor.errors import UsageError
from processor.operations.analysis.analysis import By, Gathering
from processor.operations.analysis.log_scan import LogScan


def analyze(
    context: typer.Context,
    more_logs: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="More logs, so that --log takes a pattern.")
    ] = None,
    *,
    log: Annotated[
        list[Path] | None,
        typer.Option("--log", metavar="FILE", help="A log instead of the ledger, .gz too; may be repeated."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="WHEN", help="Only what ended since, such as 7d or 2026-11-23.")
    ] = None,
    by: Annotated[By | None, typer.Option("--by", help="Also tell these apart.")] = None,
    longest: Annotated[int, typer.Option("--longest", metavar="N", min=0, max=100, help="How many to list.")] = 5,
    as_json: options.Json = False,
) -> None:
    """Say how long the work on issues took.

    Count, mean, median, p95, the longest, and how it is spread. From the ledger, or with --log from logs: ours, the
    handbook's and those of the original system.

    Example: aip analyze --since 7d --by priority
    """
    logs = [*(log or ()), *(more_logs or ())]
    if more_logs and not log:
        raise UsageError(f"{more_logs[0]} stands alone; write --log before the logs")
    report = (
        _of_logs(context, logs, since, by, longest) if logs else _with_settings().report(context, since, by, longest)
    )
    if as_json:
        screen.print_json(analyze_text.as_json(report))
    else:
        analyze_text.show(report)


def _of_logs(
    context: typer.Context, logs: list[Path], since: str | None, by: By | None, longest: int
) -> analyze_text.Report:
    moment = None if since is None else _with_settings().moment(context, since)
    # Logs have the clock of the machine.
    text = "" if moment is None else f"{datetime.fromtimestamp(moment).astimezone():%Y-%m-%d %H:%M:%S}"
    gathering = Gathering(longest)
    scan = LogScan(gathering, since=text, by=by)
    for path in logs:
        with busy(f"reading {path}"):
            scan.read(path)
    source = ", ".join(map(str, logs)) if len(logs) < 4 else f"{len(logs)} logs"
    return analyze_text.Report(source, gathering.finish(), by, moment, scan.remarks)


def _with_settings() -> ModuleType:
    from processor.cli import analyze_ledger  # noqa: PLC0415  # brings SQLAlchemy: half the memory that a log takes

    return analyze_ledger

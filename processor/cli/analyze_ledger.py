"""What `aip analyze` needs settings and the ledger for."""

import time
from zoneinfo import ZoneInfo

import typer

from processor.cli.analyze_text import Report
from processor.cli.state import command_ledger, command_settings
from processor.operations.analysis import ledger_times
from processor.operations.analysis.analysis import By, Gathering
from processor.operations.analysis.since import moment_since
from processor.settings.sections import Settings
from processor.settings.sections.github_access import web_base


def moment(context: typer.Context, since: str) -> float:
    """Give the seconds of the epoch that an operator means."""
    return _moment(command_settings(context), since)


def report(context: typer.Context, since: str | None, by: By | None, longest: int) -> Report:
    """Gather from the ledger."""
    with command_ledger(context) as (settings, ledger):
        start = None if since is None else _moment(settings, since)
        gathering = Gathering(longest)
        with ledger.read() as db:
            ledger_times.gather(db, gathering, since=start, by=by, pages=web_base(settings.main.github.base_url))
    return Report("the ledger", gathering.finish(), by, start)


def _moment(settings: Settings, since: str) -> float:
    return moment_since(since, time.time(), ZoneInfo(settings.main.timezone))

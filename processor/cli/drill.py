"""`aip drill`: prove that alerts fire, reach people and end, on this machine and apart from the installation."""

import contextlib
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from processor.alerting.drill.committed import Committed, read_committed
from processor.alerting.drill.plan import Plan, plans
from processor.alerting.drill.private_configuration import left_out
from processor.alerting.drill.rehearsal import Rehearsal, rehearse
from processor.alerting.drill.selection import undrilled
from processor.alerting.drill.verdict import Verdict
from processor.alerting.tools import MonitoringTools, find_tools
from processor.cli import options, screen, words
from processor.cli.completion import offer_alerts
from processor.cli.drill_text import print_list, print_results
from processor.cli.state import command_ledger
from processor.errors import LedgerError, SettingsError, UsageError
from processor.ledger import drills
from processor.ledger.drills import DrillResult

#: Four hours, the longest that a condition of ours must hold, become two minutes.
_SPEED = 120.0


def drill(
    context: typer.Context,
    alerts: Annotated[
        list[str] | None,
        typer.Argument(metavar="ALERT", help="All when none is named.", autocompletion=offer_alerts),
    ] = None,
    *,
    is_listed: Annotated[bool, typer.Option("--list", help="List the alerts and what their drills do.")] = False,
    speed: Annotated[
        float, typer.Option("--speed", metavar="K", min=1, max=300, help="What every duration is divided by.")
    ] = _SPEED,
    patience: Annotated[
        float, typer.Option("--patience", metavar="SECONDS", min=0, help="Wait so much longer for a slow machine.")
    ] = 20,
    prometheus: Annotated[
        Path, typer.Option("--prometheus", metavar="DIR", help="Folder of prometheus.yml and its rules.")
    ] = Path("prometheus"),
    alertmanager: Annotated[
        Path, typer.Option("--alertmanager", metavar="DIR", help="Folder of alertmanager.yml and its templates.")
    ] = Path("alertmanager"),
    tools: Annotated[
        Path | None, typer.Option("--tools", metavar="DIR", help="Folder of the programs, when not on PATH.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep configurations, logs and messages here.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Prove that alerts fire, reach people and end.

    A Prometheus and an Alertmanager of the drill's own run on your rules and your configuration, every duration divided
    by K. Scripted targets bring each condition about; receivers of its own see who is told what. Nothing of the
    installation is touched, and nobody outside is told. All alerts take about two and a half minutes.

    Exit code 1 when a drill fails. The last success of each alert goes into the ledger and the metrics.

    Example: aip drill AipHighErrorRate AipProcessingDelay AipMemoryUsageHigh
    """
    committed = read_committed(prometheus, alertmanager)
    planned = plans(committed, alerts or (), speed, patience)
    if is_listed:
        print_list(planned, undrilled(committed), as_json=as_json)
        return
    programs = find_tools(tools)
    not_drilled = {} if alerts else undrilled(committed)
    _say_what_is_left_out(left_out(committed.alertmanager), planned)
    with _leaving_in_order(), _folder(keep) as folder:
        screen.note(f"{words.count(len(planned), 'drill')}, every duration divided by {speed:g}")
        began = time.monotonic()
        verdicts = _run(programs, committed, planned, speed, folder)
        seconds = time.monotonic() - began
    is_recorded = _record(context, verdicts)
    print_results(verdicts, not_drilled, seconds, is_recorded, as_json=as_json)
    if not all(verdict.is_passed for verdict in verdicts):
        raise typer.Exit(1)


def _run(
    programs: MonitoringTools, committed: Committed, planned: Sequence[Plan], speed: float, folder: Path
) -> tuple[Verdict, ...]:
    began = time.monotonic()

    def tell(step: str) -> None:
        screen.note(f"{time.monotonic() - began:6.1f} s  {step}")

    rehearsal = Rehearsal(
        tools=programs, committed=committed, k=speed, folder=folder, tell=tell, stopping=threading.Event()
    )
    return rehearse(rehearsal, planned)


@contextlib.contextmanager
def _leaving_in_order() -> Iterator[None]:
    """Take SIGTERM as Ctrl-C: the servers end and the folder goes."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Give a folder for the servers: the named one, or one that is gone afterwards."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="aip-drill-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        is_empty = next(keep.iterdir(), None) is None
    except OSError as exc:
        raise UsageError(f"{keep} cannot be used ({exc.strerror}); name another folder with --keep") from exc
    if not is_empty:
        raise UsageError(f"{keep} is not empty; name an empty or new folder with --keep")
    try:
        yield keep.absolute()
    finally:
        screen.note(f"configurations, logs and messages are in {keep}")


def _say_what_is_left_out(kinds: Sequence[str], planned: Sequence[Plan]) -> None:
    for kind in kinds:
        screen.note(f"receivers of kind {kind} are left out; a drill stands in for e-mail, Slack and webhooks only")
    unheard = [plan.alert for plan in planned if not plan.is_heard]
    if unheard:
        screen.note(f"the channel of {', '.join(unheard)} is not configured: the incident history alone gets it")


def _record(context: typer.Context, verdicts: Sequence[Verdict]) -> bool:
    """Write the results into the ledger; without one, say so and go on."""
    try:
        with command_ledger(context) as (_settings, ledger), ledger.write() as db:
            now = time.time()
            for verdict in verdicts:
                drills.record(db, _result(verdict), now)
    except (LedgerError, SettingsError) as exc:
        screen.note(f"the results are not recorded: {str(exc).splitlines()[0]}")
        return False
    return True


def _result(verdict: Verdict) -> DrillResult:
    told = {name: value for name, value in asdict(verdict).items() if name not in {"alert", "k"}}
    return DrillResult(alert=verdict.alert, is_passed=verdict.is_passed, k=verdict.k, details=told)

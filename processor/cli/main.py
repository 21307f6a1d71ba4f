"""`aip`: the list of commands, the global options, and one clear error with the right exit code."""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from processor.cli import streams
from processor.cli.invocation import CONFIG_DIR_VARIABLE, DEFAULT_CONFIG_DIR, OPERATOR_VARIABLE, Invocation
from processor.cli.lazy import Listed, lazy_app
from processor.errors import ProcessorError, SettingsError, UsageError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
_LONGEST_NAME = 60
_SET_UP, _WORK, _WATCH, _QUEUE, _KEEP = "Set up", "Process issues", "Look", "Steer", "Keep in order"

COMMANDS = (
    Listed("init", "processor.cli.init:init", "Write the settings for a first repository.", _SET_UP),
    Listed("check", "processor.cli.check:check", "Look whether everything is there that the service needs.", _SET_UP),
    Listed(
        "demo",
        "processor.cli.demo:demo",
        "Show the whole way, from issue to pull request, without GitHub and without a token.",
        _SET_UP,
    ),
    Listed("forge", "processor.cli.forge:APP", "The embedded forge: a small GitHub on this machine.", _SET_UP),
    Listed("import", "processor.cli.imports.group:APP", "Take over the records of the original system.", _SET_UP),
    Listed("run", "processor.cli.run:run", "Poll, process and serve the API until SIGTERM.", _WORK),
    Listed("once", "processor.cli.once:once", "Process one issue now and follow it.", _WORK),
    Listed("status", "processor.cli.status:status", "Show what is going on now.", _WATCH),
    Listed("top", "processor.cli.top.command:top", "Watch and steer on the terminal.", _WATCH),
    Listed("explain", "processor.cli.explain:explain", "Say why an issue is or is not processed.", _WATCH),
    Listed("logs", "processor.cli.logs:logs", "Tell the story of one run, and where its files are.", _WATCH),
    Listed("audit", "processor.cli.audit:audit", "List what operators did, newest first.", _WATCH),
    Listed(
        "analyze",
        "processor.cli.analyze:analyze",
        "Say how long the work on issues took.",
        _WATCH,
    ),
    Listed("alerts", "processor.cli.alerts.group:APP", "List, silence and test alerts; set up Alertmanager.", _WATCH),
    Listed("report", "processor.cli.report.group:APP", "Report on a day or a week.", _WATCH),
    Listed("checklist", "processor.cli.checklist.group:APP", "Go through the daily and weekly checklists.", _WATCH),
    Listed("queue", "processor.cli.queue.group:APP", "List, show, retry and cancel runs.", _QUEUE),
    Listed("pause", "processor.cli.pause:pause", "Start no further run; active ones go on.", _QUEUE),
    Listed("resume", "processor.cli.pause:resume", "Start runs again after a pause.", _QUEUE),
    Listed("drain", "processor.cli.pause:drain", "Pause, and wait until nothing is active.", _QUEUE),
    Listed("capacity", "processor.cli.capacity.group:APP", "See and set how much is started under which load.", _QUEUE),
    Listed("config", "processor.cli.config.group:APP", "See settings, and change them for a while.", _QUEUE),
    Listed("undo", "processor.cli.undo:undo", "Take back what was published for an issue.", _QUEUE),
    Listed("backup", "processor.cli.backup.group:APP", "Make, prove, restore and delete backups.", _KEEP),
    Listed(
        "maintain",
        "processor.cli.maintain:maintain",
        "Keep memory, disk, network or database up, and measure before and after.",
        _KEEP,
    ),
    Listed("canary", "processor.cli.canary.group:APP", "Try the whole way with an issue in a sandbox.", _KEEP),
    Listed("drill", "processor.cli.drill:drill", "Prove that alerts fire, reach people and end.", _KEEP),
    Listed("ledger", "processor.cli.ledger.group:APP", "Who may read the ledger.", _KEEP),
)

APP = lazy_app(
    COMMANDS,
    help="Turn labelled GitHub issues into pull requests, and let an operator trust it.\n\n"
    "Example: aip demo; then aip init, aip check, aip run",
    name="aip",
    add_completion=True,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"aip {version('auto-issue-processor-a2a')}")
        raise typer.Exit


def _operator(name: str) -> str:
    """Take a name as one line, such as it can stand in the audit."""
    shown = name.strip()
    if len(shown) > _LONGEST_NAME or not shown.isprintable():
        raise UsageError(f"--as ({OPERATOR_VARIABLE}) takes one line of at most {_LONGEST_NAME} characters: {name}")
    return shown


@APP.callback()
def _global_options(
    context: typer.Context,
    config_dir: Annotated[
        Path,
        typer.Option("--config-dir", metavar="DIR", envvar=CONFIG_DIR_VARIABLE, help="Folder of the settings files."),
    ] = DEFAULT_CONFIG_DIR,
    operator: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="NAME",
            envvar=OPERATOR_VARIABLE,
            help="Who you are, for the audit, where several people share an account.",
            callback=_operator,
        ),
    ] = "",
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = Invocation(config_dir=config_dir, operator=operator)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code: 0 done, 1 failed, 2 wrong usage or settings, 130 interrupted."""
    streams.prepare()
    try:
        code = _call(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        streams.give_up_output()
        return FAILED
    except OSError as exc:
        complaint = streams.complaint_about(exc)
        if complaint is None:
            raise
        streams.give_up_output()
        sys.stderr.write(f"aip: {complaint}\n")
        return FAILED
    return code


def _call(arguments: Sequence[str] | None) -> int:
    try:
        APP(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="aip")
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except ProcessorError as exc:
        from processor.cli.complaint import complain  # noqa: PLC0415  # brings the logs, which help need not wait for

        complain(exc)
        return WRONG_USAGE if isinstance(exc, SettingsError | UsageError) else FAILED
    return DONE

"""`aip logs`: the story of one run from the ledger, and what its agent printed."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from processor.api.run_view import run_json
from processor.cli import options, screen, words
from processor.cli.agent_output import print_agent_output
from processor.cli.state import command_ledger
from processor.errors import UsageError
from processor.ledger import queries
from processor.ledger.records import RunRecord
from processor.operations.find_run import find_run
from processor.operations.run_story import Event, story


def logs(
    context: typer.Context,
    run: options.RunArgument,
    *,
    agent: Annotated[bool, typer.Option("--agent", help="Print what the agent printed.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="With --agent: go on until the run ends.")] = False,
    as_json: options.Json = False,
) -> None:
    """Tell the story of one run, and where its files are.

    Example: aip logs 42-1a2b3c4d --agent
    """
    if follow and not agent:
        raise UsageError("--follow goes with --agent")
    if agent and as_json:
        raise UsageError("--agent prints text; leave --json out")
    with command_ledger(context) as (settings, ledger):
        with ledger.read() as db:
            found = find_run(db, run)
            events = story(db, found)
            dead = {found.run_id} if queries.is_dead_letter(db, found.run_id) else set()
        folder = settings.main.logs.directory / "runs" / found.run_id
        if agent:
            print_agent_output(ledger, found, folder, is_following=follow)
        elif as_json:
            screen.print_json(_as_json(found, events, folder, dead))
        else:
            _print(found, events, folder)


def _as_json(run: RunRecord, events: tuple[Event, ...], folder: Path, dead: set[str]) -> dict[str, object]:
    return {
        **run_json(run, dead),
        "events": [asdict(event) for event in events],
        "folder": str(folder.absolute()),
        "files": [str(path.absolute()) for path in _files(folder)],
    }


def _print(run: RunRecord, events: tuple[Event, ...], folder: Path) -> None:
    screen.say(f"run {run.run_id} of {run.ref}: {run.title}", "bold")
    for event in events:
        took = "" if event.duration_seconds is None else f" in {words.duration(event.duration_seconds)}"
        detail = f": {event.detail}" if event.detail else ""
        screen.say(f"{words.moment(event.at)}  {event.what}{detail}{took}")
    files = _files(folder)
    screen.say()
    screen.say(f"files in {folder.absolute()}:" if files else f"no file in {folder.absolute()} on this host")
    for path in files:
        screen.say(f"  {path.relative_to(folder)}  {path.stat().st_size} bytes")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())

"""`aip queue list`: active runs, the backlog in order of work, what waits for an operator, and what ended."""

import time
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text
from sqlalchemy import Connection

from processor.api.run_view import run_json
from processor.cli import options, screen, words
from processor.cli.outcome_word import outcome_word
from processor.cli.state import command_ledger
from processor.intake.capacity import Capacity, may_start
from processor.ledger import operators, queries, services
from processor.ledger.records import RunRecord
from processor.operations.host_levels import host_levels, widest
from processor.settings.sections import Settings


def list_runs(
    context: typer.Context,
    *,
    is_all: Annotated[bool, typer.Option("--all", help="Also list runs that ended, newest first.")] = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many runs that ended.")] = 20,
    as_json: options.Json = False,
) -> None:
    """List active runs and the backlog in order of work.

    With --all also runs that ended; a dead letter is one that was given up and not retried since.

    Example: aip queue list --all --limit 50
    """
    with command_ledger(context) as (settings, ledger), ledger.read() as db:
        found = _read(db, settings, limit if is_all else 0)
    if as_json:
        screen.print_json(_as_json(found, is_all=is_all))
    else:
        _print(found, is_all=is_all)


def _read(db: Connection, settings: Settings, limit: int) -> dict[str, Any]:
    now, main = time.time(), settings.main
    living = services.list_services(db)
    capacity = widest(host_levels(living, main, now).values(), main)
    names = [queries.recorded_name(db, repository.name) for repository in settings.main.repositories]
    return {
        "active": queries.active_runs(db),
        "backlog": queries.backlog(db),
        "waiting": queries.waiting_issues(db),
        "waiting_by_repository": {name: held for name in names if (held := queries.waiting_issues(db, name))},
        "finished": queries.recent_runs(db, limit) if limit else (),
        "has_living_service": any(one.is_alive(now) for one in living),
        "capacity": capacity,
        "paused": operators.get_control(db, operators.PAUSED),
        "dead": {run.run_id for run in queries.dead_letters(db)},
    }


def _as_json(found: dict[str, Any], *, is_all: bool) -> dict[str, Any]:
    def listed(runs: Iterable[RunRecord]) -> list[dict[str, Any]]:
        return [run_json(run, found["dead"]) for run in runs]

    shown: dict[str, Any] = {
        "has_living_service": found["has_living_service"],
        "active": listed(found["active"]),
        "backlog": [
            {**shown, "held_by": _held_by(run, found["capacity"])}
            for run, shown in zip(found["backlog"], listed(found["backlog"]), strict=True)
        ],
        "capacity_level": found["capacity"].level,
        "waiting_for_operator": found["waiting"],
        "dead_letters": sorted(found["dead"]),
    }
    return {**shown, "finished": listed(found["finished"])} if is_all else shown


def _held_by(run: RunRecord, capacity: Capacity) -> str | None:
    """Say `capacity` of a run that no host would start, however much room there is."""
    return None if run.is_forced or may_start(run.priority, capacity) else "capacity"


def _print(found: dict[str, Any], *, is_all: bool) -> None:
    now = time.time()
    _section("Active", found["active"], lambda run: now - (run.started_at or run.released_at or now), found["dead"])
    _section("Backlog", found["backlog"], lambda run: now - run.discovered_at, found["dead"])
    if is_all:
        _section("Ended", found["finished"], lambda run: now - (run.finished_at or now), found["dead"])
    if found["paused"] is not None:
        screen.say(f"{found['paused'].set_by} paused processing: aip resume takes issues again", "yellow")
    held = [run for run in found["backlog"] if _held_by(run, found["capacity"])]
    if held:
        level = found["capacity"].level
        screen.say(f"{words.count(len(held), 'run')} held by capacity ({level} load): aip capacity show", "yellow")
    if not found["has_living_service"] and (found["active"] or found["backlog"]):
        screen.say("no service lives: runs go on at the next `aip run`", "yellow")
    for name, held in found["waiting_by_repository"].items():
        screen.say(
            f"{words.count(held, 'issue')} of {name} wait for an operator: aip queue retry --waiting {name}", "yellow"
        )
    if found["dead"]:
        screen.say(f"{words.count(len(found['dead']), 'dead letter')}: aip queue retry --dead-letters", "yellow")


def _section(title: str, runs: Sequence[RunRecord], age: Any, dead: set[str]) -> None:
    screen.say(f"{title}: {words.count(len(runs), 'run')}", "bold")
    if not runs:
        return
    screen.print_table(
        ("RUN", "PRIORITY", "STATE", "AGE", "ISSUE", "TITLE"),
        [
            (run.run_id, str(run.priority), _state(run, dead), words.duration(age(run)), str(run.ref), run.title)
            for run in runs
        ],
    )
    screen.say()


def _state(run: RunRecord, dead: set[str]) -> Text:
    if run.run_id in dead:
        return Text(f"{run.outcome}, dead letter", style="red")
    return screen.state_cell(outcome_word(run) + (" (dry)" if run.is_dry_run else " (canary)" if run.is_canary else ""))

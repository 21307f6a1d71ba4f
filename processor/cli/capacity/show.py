"""`aip capacity show`: the level of every host, and what each level starts."""

import time
from typing import Any

import typer

from processor.cli import options, screen, words
from processor.cli.state import command_ledger
from processor.ledger import overrides as ledger_overrides
from processor.ledger import queries, services
from processor.ledger.overrides import Override
from processor.operations.capacity_level import CAPACITY_KEY
from processor.operations.host_levels import host_levels
from processor.settings.sections import CapacityLevel, MainFile

_LEVELS = ("low", "medium", "high")


def show(context: typer.Context, *, as_json: options.Json = False) -> None:
    """Show the level of every host, and what each level starts.

    low, medium and high name the load of the hosts: under high load the least is started.

    Example: aip capacity show
    """
    now = time.time()
    with command_ledger(context, must_exist=False) as (settings, ledger), ledger.read() as db:
        main = settings.main
        hosts = host_levels(services.list_services(db), main, now)
        override = next(
            (one for one in ledger_overrides.list_overrides(db) if one.key == CAPACITY_KEY and one.is_in_force(now)),
            None,
        )
        waiting = [run.priority for run in queries.backlog(db)]
    shown = {
        "level": main.capacity.level,
        "override": None if override is None else _override(override),
        "hosts": {name: _host(one.__dict__) for name, one in hosts.items()},
        "levels": {name: getattr(main.capacity, name).model_dump(mode="json") for name in _LEVELS},
        "waiting": {str(priority): waiting.count(priority) for priority in dict.fromkeys(waiting)},
    }
    if as_json:
        screen.print_json(shown)
    else:
        _print(shown, main)


def _override(one: Override) -> dict[str, Any]:
    return {"value": one.value, "set_by": one.set_by, "reason": one.reason, "expires_at": one.expires_at}


def _host(capacity: dict[str, Any]) -> dict[str, Any]:
    kept = ("level", "parallel", "poll_interval_seconds", "reason")
    return {name: capacity[name] for name in kept}


def _print(shown: dict[str, Any], main: MainFile) -> None:
    override = shown["override"]
    if override is not None:
        screen.say(
            f"{override['value']} on every host until {words.moment(override['expires_at'])}, by {override['set_by']}: "
            f"{override['reason']}"
        )
    else:
        follows = "each host follows its load" if shown["level"] == "auto" else "the settings files say so"
        screen.say(f"{shown['level']}: {follows}")
    rows = [
        (name, host["level"], str(host["parallel"]), words.duration(host["poll_interval_seconds"]), host["reason"])
        for name, host in shown["hosts"].items()
    ]
    if rows:
        screen.say()
        screen.print_table(("HOST", "LOAD", "PARALLEL", "POLLS EVERY", "WHY"), rows)
    else:
        screen.note("no service lives; `aip run` starts one")
    screen.say()
    screen.print_table(
        ("LOAD", "PARALLEL", "STARTS", "POLLS EVERY"),
        [(name, *_level(getattr(main.capacity, name), main)) for name in _LEVELS],
    )


def _level(level: CapacityLevel, main: MainFile) -> tuple[str, str, str]:
    starts = ", ".join(level.priorities)
    if level.then_priorities:
        starts += f"; then {', '.join(level.then_priorities)}"
    seconds = main.intake.poll_interval_seconds or level.poll_interval_seconds
    return str(min(level.parallel, main.max_parallel)), starts, words.duration(seconds)

"""`aip pause`, `aip resume` and `aip drain`: whether further runs start."""

import time
from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.state import act, command_ledger
from processor.cli.waiting import told_when_interrupted, wait_until
from processor.errors import ProcessorError
from processor.ledger import operators, queries, services
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord

_STILL_PAUSED = "the pause holds until `aip resume`; `aip drain` waits on"


def pause(context: typer.Context, *, reason: options.Reason = "", as_json: options.Json = False) -> None:
    """Start no further run; active ones go on.

    It holds for every service on this ledger, and across restarts, until `aip resume`.

    Example: aip pause --reason "deploying the agents' new version"
    """
    with command_ledger(context, must_exist=False) as (_settings, ledger):
        active = _pause(context, ledger, reason, "pause")
    _answer(as_json=as_json, is_paused=True, active=len(active))


def resume(context: typer.Context, *, reason: options.Reason = "", as_json: options.Json = False) -> None:
    """Start runs again after a pause.

    Example: aip resume
    """
    with command_ledger(context) as (_settings, ledger):
        with ledger.write() as db:
            was_paused = operators.clear_control(
                db, operators.PAUSED, act(context, "resume", operators.PROCESSING, reason), time.time()
            )
        active = _active(ledger)
    if not was_paused:
        screen.note("it was not paused")
    _answer(as_json=as_json, is_paused=False, active=len(active))


def drain(
    context: typer.Context,
    *,
    timeout: Annotated[
        float | None, typer.Option("--timeout", metavar="SECONDS", min=0, help="Longest wait; for ever when absent.")
    ] = None,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Pause, and wait until nothing is active.

    Afterwards the service lives, takes nothing new, and can be stopped or upgraded. `aip resume` takes issues again.

    Example: aip drain --timeout 1800 --reason upgrade
    """
    with command_ledger(context, must_exist=False) as (_settings, ledger), told_when_interrupted(_STILL_PAUSED):
        _pause(context, ledger, reason, "drain")
        is_drained = wait_until(
            lambda: not _still_active(ledger),
            timeout,
            lambda: f"waiting for {words.count(len(_active(ledger)), 'run')}",
        )
        left = _active(ledger)
    if not is_drained:
        ids = ", ".join(run.run_id for run in left)
        raise ProcessorError(
            f"{words.count(len(left), 'run')} still active after {timeout:g} s ({ids}); "
            "wait on with `aip drain`, or end them with `aip queue cancel`"
        )
    _answer(as_json=as_json, is_paused=True, active=0)


def _pause(context: typer.Context, ledger: Ledger, reason: str, action: str) -> tuple[RunRecord, ...]:
    with ledger.write() as db:
        earlier = operators.get_control(db, operators.PAUSED)
        operators.set_control(
            db, operators.PAUSED, True, act(context, action, operators.PROCESSING, reason), time.time()
        )
    active = _active(ledger)
    if earlier is not None:
        why = f": {earlier.reason}" if earlier.reason else ""
        screen.note(f"{earlier.set_by} had paused it already{why}; `aip status` shows your word from now on")
    return active


def _active(ledger: Ledger) -> tuple[RunRecord, ...]:
    with ledger.read() as db:
        return queries.active_runs(db)


def _still_active(ledger: Ledger) -> tuple[RunRecord, ...]:
    """Read what is active; raise ProcessorError where it is no use to wait for its end."""
    with ledger.read() as db:
        active = queries.active_runs(db)
        is_paused = operators.get_control(db, operators.PAUSED) is not None
        is_anybody_there = services.is_any_alive(db, time.time())
    if not is_paused:
        raise ProcessorError(
            "somebody resumed processing while this command waited, so that runs start again; `aip audit` shows who, "
            "`aip drain` pauses it once more"
        )
    if active and not is_anybody_there:
        raise ProcessorError(
            f"paused, but {words.count(len(active), 'run')} cannot end because no service lives; "
            "`aip run` goes on with them, and `aip drain` waits for them then"
        )
    return active


def _answer(*, as_json: bool, is_paused: bool, active: int) -> None:
    if as_json:
        screen.print_json({"paused": is_paused, "active": active})
    elif is_paused:
        rest = f"{words.count(active, 'active run')} goes on" if active == 1 else f"{active} active runs go on"
        screen.say(f"paused; {rest if active else 'nothing is active'}; `aip resume` takes issues again")
    else:
        screen.say(f"resumed; {words.count(active, 'run')} active")

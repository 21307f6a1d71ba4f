"""`aip queue cancel`: end a run that waits, stop one that works."""

import time
from typing import Annotated

import typer

from processor.api.run_view import run_json
from processor.cli import options, screen
from processor.cli.state import act, command_ledger
from processor.cli.waiting import told_when_interrupted, wait_until
from processor.errors import ProcessorError
from processor.ledger import runs, services
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord
from processor.model import Outcome, RunState
from processor.operations import cancel as operation
from processor.operations.find_run import find_run


def cancel(
    context: typer.Context,
    run: options.RunArgument,
    *,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait until an active run has ended.")] = False,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=0, help="Longest wait.")] = 120,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Cancel a run that waits or works.

    A run that waits ends at once. One that works is asked to stop, its agent is ended, and the command waits for that.
    Exit code 1 when it came to its end before it could be stopped.

    Example: aip queue cancel octo/hello#42 --reason "wrong issue"
    """
    with command_ledger(context) as (_settings, ledger):
        with ledger.read() as db:
            found = find_run(db, run)
        done = operation.cancel(
            ledger, found.run_id, act(context, "queue.cancel", f"{found.ref} {found.run_id}", reason), time.time()
        )
        if not done.has_ended and not no_wait:
            with told_when_interrupted(f"it is asked to stop all the same; see `aip queue show {found.run_id}`"):
                _wait(ledger, found, timeout)
        with ledger.read() as db:
            ended = runs.get(db, found.run_id)
    if as_json:
        screen.print_json(run_json(ended))
    elif ended.outcome is Outcome.CANCELLED:
        screen.say(f"run {ended.run_id} of {ended.ref} ended: {ended.outcome}")
    elif ended.outcome is None:
        screen.say(f"run {ended.run_id} of {ended.ref} is asked to stop; see `aip queue show {ended.run_id}`")
    if ended.outcome not in {None, Outcome.CANCELLED}:
        raise ProcessorError(f"run {ended.run_id} of {ended.ref} ended before it could be stopped: {ended.outcome}")


def _wait(ledger: Ledger, run: RunRecord, timeout_seconds: float) -> None:
    def has_ended() -> bool:
        with ledger.read() as db:
            return runs.get(db, run.run_id).state is RunState.FINISHED

    with ledger.read() as db:
        is_anybody_there = services.is_any_alive(db, time.time())
    if not is_anybody_there:
        raise ProcessorError(
            f"run {run.run_id} is marked to be cancelled, but no service lives to end it; it ends at the next `aip run`"
        )
    if not wait_until(has_ended, timeout_seconds, f"waiting for {run.run_id} to end"):
        raise ProcessorError(
            f"run {run.run_id} has not ended within {timeout_seconds:g} s; it will, see `aip queue show {run.run_id}`"
        )

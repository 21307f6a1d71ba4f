"""`aip once`: process one issue now and follow it."""

import contextlib
import os
import sys
import threading
import time
from dataclasses import replace
from typing import Annotated

import typer

from processor.api.run_view import run_json
from processor.cli.options import IssueArgument, Json, issue_ref
from processor.cli.parts import as_known, command_parts
from processor.cli.phase_teller import PhaseTeller
from processor.cli.requirements import require_git
from processor.cli.screen import note, print_json, say
from processor.cli.state import act
from processor.cli.wait_teller import OF_A_SERVICE, OF_OWN_WORK, WaitTeller
from processor.cli.waiting import told_when_interrupted
from processor.engine.liveness import NameTaken
from processor.errors import ProcessorError
from processor.intake.poller import Poller
from processor.ledger import services
from processor.ledger.records import RunRecord
from processor.model import IssueRef, Outcome, RunState
from processor.operations.one_issue import request
from processor.service.assembly import Parts, instance_name
from processor.service.single import follow, process_one
from processor.settings.sections import Settings


def once(
    context: typer.Context,
    issue: IssueArgument,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Process it although intake refuses it, past pause, capacity and caps; never beside an active run of "
            "it or, but for a dry run, our open pull request.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything up to the gate; nothing is written on GitHub.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Process one issue now and follow it to its end; exit 0 only when it succeeded.

    Example: aip once octo/hello#42
    """
    ref = issue_ref(issue)
    require_git(os.environ)
    with command_parts(context) as found:
        parts = replace(found, settings=_settings(found.settings, dry_run=dry_run))
        run = _process(context, parts, as_known(parts, ref), force=force, is_dry_run=parts.settings.main.dry_run)
    _show(run, as_json=as_json)
    code = 0 if run.outcome is Outcome.SUCCESS else 1
    if threading.active_count() > 1:
        # The engine ran here. A thread of it may wait for ever on a phase of another run that was resumed beside ours
        # and cut short now, and Python would wait for the thread; everything that counts is on disk.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise typer.Exit(code)


def _settings(settings: Settings, *, dry_run: bool) -> Settings:
    if not dry_run:
        return settings
    return settings.model_copy(update={"main": settings.main.model_copy(update={"dry_run": True})})


def _process(context: typer.Context, parts: Parts, ref: IssueRef, *, force: bool, is_dry_run: bool) -> RunRecord:
    poller = Poller(parts.settings, parts.ledger, parts.github, time.time)
    word = act(context, "once", str(ref), "forced" if force else "")
    asked = request(poller, ref, word, is_forced=force, is_dry_run=is_dry_run)
    note(f"{ref} is run {asked.run_id}, priority {asked.priority}")
    return _to_its_end(parts, asked.run_id)


def _to_its_end(parts: Parts, run_id: str) -> RunRecord:
    """Work here, or follow the service that does; one that leaves before the end leaves the rest to this command."""
    phases, main = PhaseTeller(parts.ledger), parts.settings.main
    tell_own = WaitTeller(parts.ledger, main, OF_OWN_WORK, phases)
    tell = WaitTeller(parts.ledger, main, OF_A_SERVICE, phases)
    is_said = False
    while True:
        if not _another_lives(parts):
            # The lock says for certain that a service of this name lives; its last heartbeat may be that of a dead one.
            with contextlib.suppress(NameTaken):
                return _work_here(parts, run_id, tell_own)
        if not is_said:
            note("a service runs on this ledger: it does the work, this command follows")
            is_said = True
        with told_when_interrupted(f"the service goes on with it; `aip queue cancel {run_id}` stops it"):
            run = follow(parts, run_id, tell, goes_on=lambda: _any_lives(parts))
        if run.state is RunState.FINISHED:
            return run
        _refuse_held_elsewhere(parts, run)


def _work_here(parts: Parts, run_id: str, tell: WaitTeller) -> RunRecord:
    try:
        return process_one(parts, run_id, os.environ, tell)
    except KeyboardInterrupt:
        note(f"interrupted; run {run_id} goes on with the next `aip once` or `aip run`")
        # The engine's threads may wait for ever on a phase that was cut short; everything that counts is on disk.
        os._exit(130)


def _refuse_held_elsewhere(parts: Parts, run: RunRecord) -> None:
    holder = run.executed_by or run.released_by
    if holder not in {None, instance_name(parts.settings)}:
        raise ProcessorError(
            f"run {run.run_id} is with the service {holder}, which no longer says that it lives; it goes on when that "
            "is started again"
        )


def _any_lives(parts: Parts) -> bool:
    with parts.ledger.read() as db:
        return services.is_any_alive(db, time.time())


def _another_lives(parts: Parts) -> bool:
    with parts.ledger.read() as db:
        living = [record for record in services.list_services(db) if record.is_alive(time.time())]
    return any(record.instance != instance_name(parts.settings) for record in living)


def _show(run: RunRecord, *, as_json: bool) -> None:
    if as_json:
        # It is the newest run of its issue; a dry run gives nothing up.
        is_given_up = run.is_dead_letter and not run.is_dry_run
        print_json(run_json(run, (run.run_id,) if is_given_up else ()))
        return
    seconds = f"{run.duration_seconds:.1f} s" if run.duration_seconds is not None else "no time"
    match run.outcome:
        case Outcome.SUCCESS if run.is_dry_run:
            say(f"dry run: the change passed the gate after {seconds}; a real run would open a pull request", "success")
        case Outcome.SUCCESS:
            say(f"success after {seconds}: {run.pull_request_url}", "success")
        case _:
            say(f"{run.outcome} after {seconds}: {run.error_message}", str(run.outcome))
            say(f"see `aip queue show {run.run_id}` and `aip logs {run.run_id}`")

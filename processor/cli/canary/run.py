"""`aip canary run`: one round now, made by the running service, told step by step."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import typer

from processor.cli import options, screen
from processor.cli.canary.shown import refuse_without_sandbox, round_json
from processor.cli.state import act, actor, command_ledger
from processor.cli.waiting import told_when_interrupted, wait_until
from processor.errors import ProcessorError
from processor.ledger import canary, operators, queries, services
from processor.ledger.connection import Ledger
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import CanaryResult
from processor.operations.canary.beginning import new_round, resting
from processor.settings.sections import Settings

#: Beyond the time limit of the round: to take back what was made, and for a service that starts again.
_GRACE_SECONDS = 180.0


def run(context: typer.Context, *, as_json: options.Json = False) -> None:
    """Make one round now, and say each step.

    The running service makes it, as it makes those by the clock; a round that is under way is followed. Exit code 1
    unless it ends in success.

    Example: aip canary run
    """
    with command_ledger(context) as (settings, ledger):
        refuse_without_sandbox(settings)
        round_id = _begin(context, settings, ledger)
        with told_when_interrupted("the service goes on with the round; see `aip canary status`"):
            _follow(ledger, round_id, settings.main.canary.time_limit_seconds + _GRACE_SECONDS)
        with ledger.read() as db:
            ended = queries.canary_round(db, round_id)
            shown = round_json(db, ended)
    if as_json:
        screen.print_json(shown)
    else:
        took = f" after {shown['duration_seconds']:.1f} s"
        screen.say(f"{ended.result}{took}{f': {ended.reason}' if ended.reason else ''}", str(ended.result))
    if ended.result is not CanaryResult.SUCCESS:
        raise typer.Exit(1)


def _begin(context: typer.Context, settings: Settings, ledger: Ledger) -> str:
    now, sandbox = time.time(), settings.main.canary.repository or ""
    with ledger.write() as db:
        if not services.is_any_at_work(db, now):
            raise ProcessorError("no service lives to make a round; start `aip run`")
        rests = resting(db, settings.main)
        if rests is not None:
            raise ProcessorError(f"no round is made: {rests}; `aip status` shows it")
        round_id = canary.begin(db, new_round(db, settings.main, actor(context)), now)
        if round_id is not None:
            operators.record(db, act(context, "canary.run", sandbox, ""), now)
            return round_id
        unfinished = queries.canary_rounds_unfinished(db, now)
        under_way = next(one for one in unfinished if one.result is None and one.repository.lower() == sandbox.lower())
    screen.note(f"a round is under way already, begun by {under_way.requested_by}; this command follows it")
    return under_way.round_id


def _follow(ledger: Ledger, round_id: str, seconds: float) -> None:
    told = _Told()

    def is_over() -> bool:
        with ledger.read() as db:
            one = queries.canary_round(db, round_id)
            runs = queries.runs_of_issue(db, one.ref) if one.ref else ()
            is_served = services.is_any_at_work(db, time.time())
        told.tell(one, runs[0] if runs else None)
        if not is_served:
            told.say("no service lives any more; start `aip run`, which goes on with the round")
        # What cannot be taken back now is tried again for a day, and nobody waits for that.
        return one.cleaned_at is not None or (one.ended_at is not None and one.trouble is not None)

    if not wait_until(is_over, seconds, lambda: told.now):
        raise ProcessorError(
            f"round {round_id} is not over after {seconds:g} s: {told.now}; see `aip status` and the service's log"
        )


@dataclass
class _Told:
    """Says every step once."""

    now: str = "waiting for the service to take the round"
    _said: set[str] = field(default_factory=set)

    def tell(self, one: CanaryRound, run: RunRecord | None) -> None:
        """Say what is new."""
        for sentence in _steps(one, run):
            self.say(sentence)

    def say(self, sentence: str) -> None:
        """Say something, unless it was said before."""
        if sentence not in self._said:
            self._said.add(sentence)
            self.now = sentence
            screen.note(f"  {sentence}")


def _steps(one: CanaryRound, run: RunRecord | None) -> Iterator[str]:
    """Give what has happened so far, in order."""
    if one.ref is not None:
        yield f"issue {one.ref} is open"
    if run is not None:
        yield f"run {run.run_id} is queued"
    if run is not None and run.phase is not None:
        yield f"phase {run.phase}" + (f" (attempt {run.attempts})" if run.attempts > 1 else "")
    if run is not None and run.outcome is not None:
        yield f"the run ended: {run.outcome}"
    if one.trouble is not None:
        yield f"in the way, and tried again: {one.trouble}"
    if one.result is CanaryResult.SUCCESS:
        yield f"pull request #{one.pull_request} is as it should be"
    if one.cleaned_at is not None and one.issue is not None:
        yield "pull request and issue are closed, the branch is gone"

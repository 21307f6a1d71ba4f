"""`aip canary status`: the last rounds."""

import time
from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.canary.shown import result_of, round_json
from processor.cli.state import command_ledger
from processor.ledger import queries
from processor.ledger.queries import CanaryRound
from processor.settings.sections import Canary

_Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="Rounds, the newest first.")]


def status(context: typer.Context, *, limit: _Limit = 10, as_json: options.Json = False) -> None:
    """Show the last rounds.

    A round is held when the processor was paused or in dry run, when an operator cancelled its run, or when another
    sandbox was set.

    Example: aip canary status --limit 24
    """
    with command_ledger(context) as (settings, ledger), ledger.read() as db:
        canary = settings.main.canary
        rounds = queries.canary_rounds_recent(db, limit)
        installation = queries.installations(db).own
        if as_json:
            standing = queries.canary_standing(db)
            screen.print_json(
                {
                    "repository": canary.repository,
                    "installation": installation,
                    "enabled": canary.repository is not None and canary.enabled,
                    "interval_seconds": canary.interval_seconds,
                    "last_success_at": standing.last_success_at,
                    "consecutive_failures": standing.consecutive_failures,
                    "rounds": [round_json(db, one) for one in rounds],
                }
            )
            return
    _print(canary, rounds, installation)


def _print(canary: Canary, rounds: tuple[CanaryRound, ...], installation: str | None) -> None:
    if canary.repository is None:
        screen.say("off: canary.repository is not set (docs/canary.md)")
    elif canary.enabled:
        screen.say(f"every {words.duration(canary.interval_seconds)} in {canary.repository}")
    else:
        screen.say(f"by hand in {canary.repository}: canary.enabled is false")
    if installation is not None:
        screen.say(f"this is installation {installation}")
    if not rounds:
        remedy = "; `aip canary run` makes one" if canary.repository is not None else ""
        screen.say(f"no round yet{remedy}")
        return
    screen.say()
    screen.print_table(("BEGAN", "RESULT", "TOOK", "ISSUE", "BY", "WHY"), [_row(one) for one in rounds])


def _row(one: CanaryRound) -> tuple[screen.Cell, ...]:
    took = (time.time() if one.ended_at is None else one.ended_at) - one.begun_at
    return (
        words.moment(one.begun_at),
        screen.state_cell(result_of(one)),
        words.duration(took),
        str(one.ref) if one.ref else "-",
        one.requested_by,
        one.reason or one.trouble or "",
    )

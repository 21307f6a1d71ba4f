"""`aip audit`: who did what to what, when and why."""

from dataclasses import asdict
from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.state import command_ledger
from processor.ledger import queries


def audit(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many acts.")] = 20,
    as_json: options.Json = False,
) -> None:
    """List what operators did, newest first.

    Pause, resume, retry, cancel, undo, silences, changed settings and the rest, each with who, when and why. Nothing
    deletes them. What a setting was before and after is in `aip config history`.

    Example: aip audit --limit 100
    """
    with command_ledger(context) as (_settings, ledger), ledger.read() as db:
        found = queries.audit_trail(db, limit)
    if as_json:
        screen.print_json({"acts": [asdict(one) for one in found]})
    elif not found:
        screen.say("no operator did anything yet")
    else:
        rows = [(words.moment(one.at), one.actor, one.action, one.target, one.reason) for one in found]
        screen.print_table(("WHEN", "WHO", "DID", "TO", "WHY"), rows)

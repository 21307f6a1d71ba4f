"""`aip capacity history`: at which level of load each host was, and why."""

from dataclasses import asdict
from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.state import command_ledger
from processor.ledger import capacity_changes


def history(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many changes.")] = 20,
    as_json: options.Json = False,
) -> None:
    """List at which level of load each host was, and why, newest first.

    By itself or by hand, since when each service started; for 90 days.

    Example: aip capacity history --limit 50
    """
    with command_ledger(context) as (_settings, ledger), ledger.read() as db:
        found = capacity_changes.list_changes(db, limit)
    if as_json:
        screen.print_json({"changes": [asdict(one) for one in found]})
    elif not found:
        screen.say("no service has said at which level it is yet")
    else:
        rows = [(words.moment(one.at), one.instance, one.before or "start", one.after, one.reason) for one in found]
        screen.print_table(("WHEN", "HOST", "BEFORE", "AFTER", "WHY"), rows)

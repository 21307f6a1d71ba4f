"""`aip import list`: what was taken over, and what was claimed."""

from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.state import command_ledger
from processor.errors import UsageError
from processor.ledger import queries


def list_imports(
    context: typer.Context,
    *,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Records of one kind instead of runs, such as alert.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many.")] = 20,
    as_json: options.Json = False,
) -> None:
    """List what was taken over.

    First how much there is of everything; then the newest runs, each once, with what the original system claimed and
    what GitHub shows of it.

    Example: aip import list --kind daily_report --json
    """
    with command_ledger(context) as (_, ledger), ledger.read() as db:
        summary = queries.import_summary(db)
        listed = (
            queries.imported_runs_listed(db, limit)
            if kind is None
            else queries.imported_records_listed(db, kind, limit)
        )
    if kind is not None and summary.records and kind not in summary.records:
        raise UsageError(f"no {kind} was taken over; --kind takes one of {', '.join(sorted(summary.records))}")
    if as_json:
        screen.print_json(
            {
                "runs": dict(summary.runs),
                "verdicts": dict(summary.verdicts),
                "records": dict(summary.records),
                "counted_into_totals": summary.counted,
                "listed": listed,
            }
        )
    elif not summary.runs and not summary.records:
        screen.say("nothing was taken over; `aip import legacy DIR` does it")
    else:
        _show(summary, kind, listed)


def _show(summary: queries.ImportSummary, kind: str | None, listed: tuple[dict[str, object], ...]) -> None:
    for name, counts in (("runs", summary.runs), ("GitHub shows", summary.verdicts), ("records", summary.records)):
        if counts:
            screen.say(f"{name}: {', '.join(f'{count} {what}' for what, count in counts.items())}", "bold")
    if kind is None:
        rows = [
            (_moment(run["finished_at"] or run["started_at"]), *(_text(run[name]) for name in _COLUMNS))
            for run in listed
        ]
        screen.print_table(("WHEN", "ISSUE", "CLAIMED", "GITHUB", "SECONDS", "PULL REQUEST", "FROM"), rows)
    else:
        rows = [(_moment(one["at"]), str(one["place"]), str(one["content"])) for one in listed]
        screen.print_table(("WHEN", "FROM", "CONTENT"), rows)


_COLUMNS = ("issue", "claimed", "verdict", "seconds", "pull_request", "place")


def _moment(at: object) -> str:
    return words.moment(at if isinstance(at, float) else None)


def _text(value: object) -> str:
    return "-" if value is None else str(value)

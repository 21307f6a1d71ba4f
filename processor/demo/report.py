"""Print what the demo showed: the table, what the hostile issues proved, the totals, where things are, what to try."""

from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from processor.demo.result import DemoResult, IssueResult, totals
from processor.demo.scene import Places
from processor.demo.words import neutral, shown_outcome, shown_seconds
from processor.model import Outcome

_HEADINGS = ("issue", "priority", "outcome", "gate", "time", "PR")
_NUMBERS = {"gate", "time", "PR"}


def print_report(console: Console, result: DemoResult, places: Places, aip: str) -> None:
    """Print everything, for 80 columns and more; `aip` is how the reader calls our command."""
    console.print(_issues_table(result))
    console.print()
    console.print(Text("What the hostile issues proved", style="bold"))
    console.print(_proofs(result))
    console.print()
    console.print(Text(_totals_line(result)))
    _print_problems(console, result)
    console.print()
    console.print(Text("Where things are", style="bold"))
    console.print(_pairs(where_things_are(result, places, aip)))
    console.print()
    console.print(Text("What to try next", style="bold"))
    for line in next_steps(result, places, aip):
        console.print(Text(f"  {line}"), soft_wrap=True)


def _issues_table(result: DemoResult) -> Table:
    rows = [_row(one) for one in result.issues]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", expand=True)
    for position, heading in enumerate(_HEADINGS):
        # Rich takes width from every column alike; only the title may give some.
        width = max(len(heading), *(len(row[position]) for row in rows))
        justify: Literal["left", "right"] = "right" if heading in _NUMBERS else "left"
        table.add_column(heading, no_wrap=True, min_width=width, justify=justify)
    table.add_column("title", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        table.add_row(*row)
    return table


def _row(one: IssueResult) -> tuple[str | Text, ...]:
    run = one.state.run
    return (
        f"#{one.state.ref.number}",
        str(one.planned.priority),
        shown_outcome(one.outcome),
        "-" if run is None or run.gate_score is None else f"{run.gate_score:.0f}",
        shown_seconds(run.duration_seconds if run else None),
        f"#{run.pull_request}" if run and run.pull_request else "-",
        Text(neutral(one.planned.title)),
    )


def _proofs(result: DemoResult) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for one in result.issues:
        if one.planned.proves and not one.problems:
            table.add_row(f"  #{one.state.ref.number}", shown_outcome(one.outcome), Text(one.planned.proves))
    return table


def _totals_line(result: DemoResult) -> str:
    counts = totals(result)
    parts = [f"{counts[name]} {name}" for name in (*(str(outcome) for outcome in Outcome), "skipped") if counts[name]]
    issues = f"{counts['issues']} issues in {result.seconds:.0f} s: {', '.join(parts)}"
    return f"{issues}\n{counts['pull_requests']} pull requests, each a draft for a person to review"


def _print_problems(console: Console, result: DemoResult) -> None:
    if result.is_as_expected:
        console.print(Text("Every issue ended as it should, and nothing was left behind.", style="bold green"))
        return
    console.print(Text("Not as it should be:", style="bold red"))
    for problem in result.problems:
        console.print(Text(f"  {neutral(problem)}", style="red"))


def where_things_are(result: DemoResult, places: Places, aip: str) -> list[tuple[str, str]]:
    """Name the places that still exist when the reader looks: addresses while it serves, files when they are kept."""
    folder = places.folder
    found: list[tuple[str, str]] = []
    if places.is_served:
        found += [
            ("pull requests", f"{places.forge_url}/{result.repository}"),
            ("status", f"{places.service_url}/api/status"),
            ("metrics", f"{places.service_url}/metrics"),
            ("", f"`{aip}-exporter --config-dir {folder.configs}` serves those of the ledger"),
        ]
    elif places.is_kept:
        port = places.forge_url.rpartition(":")[2]
        found.append(("pull requests", f"`{aip} forge serve --root {folder.forge} --port {port}`"))
        found.append(("", f"then {places.forge_url}/{result.repository}"))
        found.append(("metrics", f"`{aip}-exporter --config-dir {folder.configs} --once` prints them from the ledger"))
    if places.is_served or places.is_kept:
        found += [
            ("ledger", str(folder.state / "ledger.sqlite")),
            ("operator's log", str(folder.logs / "auto_issue_processor.log")),
            ("service's log", str(folder.logs / "service.jsonl")),
            ("agents' output", str(folder.logs / "runs")),
            ("settings", str(folder.configs)),
        ]
    else:
        found.append(("pull requests, /metrics", f"`{aip} demo --serve` keeps them up until Ctrl-C"))
        found.append(("ledger, logs", f"in a temporary folder that is removed now; `{aip} demo --keep DIR` keeps them"))
    return found


def next_steps(result: DemoResult, places: Places, aip: str) -> list[str]:
    """Suggest what to do next, as commands to copy."""
    steps = []
    run = next((one.state.run for one in result.issues if one.state.run), None)
    if run is not None and (places.is_kept or places.is_served):
        steps.append(f"{aip} --config-dir {places.folder.configs} queue show {run.ref}")
    if not places.is_served:
        steps.append(f"{aip} demo --serve               # read the pull requests in a browser")
    steps.append(f"{aip} demo --package requests    # the same on another code base")
    steps.append(f"{aip} init                       # your own repository; README.md, first use")
    if places.is_served:
        steps.append("Ctrl-C ends forge and service" + ("" if places.is_kept else ", and removes the folder"))
    return steps


def _pairs(pairs: list[tuple[str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for name, value in pairs:
        table.add_row(f"  {name}", Text(value, overflow="fold"))
    return table

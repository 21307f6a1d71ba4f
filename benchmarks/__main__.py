"""Run the benchmarks that are named, or all, and print a table.

Exit codes: 0 every target met, 1 one is missed or a benchmark broke, 2 wrong usage.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.document import Document
from benchmarks.figure import Figure
from benchmarks.machine import describe_machine
from benchmarks.registry import BENCHMARKS
from benchmarks.scale import DEFAULT, QUICK, Scale

_PROGRESS = Console(stderr=True)
#: They depend on no machine and have a table of their own in the document.
_APART = "alerts"


def main() -> int:
    """Measure, print, and write into a document where one is named."""
    options = _read_arguments()
    machine = describe_machine()
    try:
        document = Document.open(options.document) if options.document else None
    except RuntimeError as exc:
        _PROGRESS.print(str(exc), markup=False, soft_wrap=True)
        return 2
    figures = _measure(options.names or tuple(BENCHMARKS), QUICK if options.quick else DEFAULT)
    if figures is None:
        return 1
    if document is not None:
        document.write(machine, (figure for name, found in figures.items() if name != _APART for figure in found))
    if options.json:
        sys.stdout.write(_to_json(machine, figures))
    else:
        _print_table(machine, figures)
    return int(any(figure.is_met is False for found in figures.values() for figure in found))


def _measure(names: Sequence[str], scale: Scale) -> dict[str, list[Figure]] | None:
    """Run one after the other; None when one broke, which is told."""
    figures: dict[str, list[Figure]] = {}
    for name in names:
        _PROGRESS.print(f"measuring {name} …")
        try:
            figures[name] = list(BENCHMARKS[name](scale))
        except RuntimeError as exc:
            _PROGRESS.print(f"{name} broke: {exc}", markup=False, soft_wrap=True)
            return None
    return figures


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure, and print figures with targets."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all when absent: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="as little as possible: it shows that all works, no more")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--document", type=Path, help="write the figures between the two marks of this file too")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark is named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    return options


def _to_json(machine: str, figures: dict[str, list[Figure]]) -> str:
    found = {
        name: [{**dataclasses.asdict(figure), "is_met": figure.is_met} for figure in some]
        for name, some in figures.items()
    }
    return json.dumps({"machine": machine, "figures": found}, indent=2, ensure_ascii=False) + "\n"


def _print_table(machine: str, figures: dict[str, list[Figure]]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 110)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("what", overflow="fold")
    for heading in ("median", "range", "times", "target"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name, found in figures.items():
        table.add_row(f"[bold]{name}[/bold]")
        for figure in found:
            table.add_row(*figure.cells())
    console.print(table)
    console.print(f"\nOn {machine}.", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())

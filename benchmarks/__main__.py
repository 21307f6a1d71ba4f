"""Run the benchmarks that are named, or all, and print a table with target and verdict. It measures; it never fails."""

import sys

from rich.console import Console
from rich.table import Table

from benchmarks import idle_service, pipeline_overhead, quiet_poll
from benchmarks.figure import Figure

BENCHMARKS = {
    "pipeline": pipeline_overhead.measure,
    "idle": idle_service.measure,
    "poll": quiet_poll.measure,
}


def main() -> int:
    wanted = sys.argv[1:] or list(BENCHMARKS)
    unknown = sorted(set(wanted) - set(BENCHMARKS))
    if unknown:
        Console(stderr=True).print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("what", "measured", "target", "verdict"):
        table.add_column(heading, overflow="fold")
    for name in wanted:
        Console(stderr=True).print(f"measuring {name} …")
        for figure in BENCHMARKS[name]():
            table.add_row(*_row(figure))
    Console(width=110).print(table)
    return 0


def _row(figure: Figure) -> tuple[str, str, str, str]:
    verdict = "" if figure.is_met is None else "met" if figure.is_met else "missed"
    return figure.what, figure.measured, figure.target, verdict


if __name__ == "__main__":
    sys.exit(main())

"""`aip analyze` beside the handbook's three pipelines of grep and awk, on the same generated log."""

import contextlib
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figure import Figure, once, spread
from benchmarks.scale import Scale
from processor.logs import FinishedRun, run_finished
from processor.logs.event_lines import format_line
from processor.model import IssueRef, Outcome, Priority

#: Source: the operator's handbook, processing_analysis.sh
_HANDBOOK: Final = r"""
grep "PROCESSING_COMPLETED" "$1" | awk '{print $NF}' | \
  awk '{sum+=$1; count++} END {printf "Average: %.2f seconds\n", sum/count}'
grep "PROCESSING_COMPLETED" "$1" | awk '{print $NF}' | sort -n | tail -1 | xargs printf "Longest: %.2f seconds\n"
grep "PROCESSING_COMPLETED" "$1" | awk '{print $NF}' | awk '{
    if ($1 < 60) fast++; else if ($1 < 300) medium++; else slow++
  } END { printf "Fast (<60s): %d\nMedium (60-300s): %d\nSlow (>300s): %d\n", fast, medium, slow }'
"""
_MEGABYTE: Final = 1_000_000
_BLOCK_RUNS: Final = 20_000
_LOOK_SECONDS: Final = 0.02


def measure(scale: Scale) -> Iterable[Figure]:
    """Let both sides go in turn, so that whatever else this machine does meets both."""
    with TemporaryDirectory(prefix="aip-bench-") as folder:
        log = Path(folder) / "auto_issue_processor.log"
        lines = _write_log(log, scale.log_megabytes * _MEGABYTE)
        program = str(Path(sys.executable).parent / "aip")
        ours: list[float] = []
        theirs: list[float] = []
        peaks: list[float] = []
        for _ in range(scale.repetitions):
            theirs.append(_run(["bash", "-c", _HANDBOOK, "handbook", str(log)])[0])
            seconds, peak = _run([program, "analyze", "--log", str(log)])
            ours.append(seconds)
            peaks.append(peak)
        size = f"{scale.log_megabytes} MB, {lines} lines"
        yield spread(f"the handbook's pipelines, {size}", theirs, "s")
        yield spread(f"aip analyze, {size}", ours, "s")
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        yield spread("aip analyze / the handbook's pipelines", ratios, "×", most=1.0)
        yield once("most memory of aip analyze", max(peaks), "MB", most=200, is_strict=True)


def _write_log(path: Path, size: int) -> int:
    """Write the service's own lines of made-up runs, and tell how many there are."""
    chance = random.Random(1)  # noqa: S311  # made-up data that is the same each time
    at = datetime(2026, 11, 23, 18, 12, 40, 447_000)  # noqa: DTZ001  # the log has the clock of its machine
    lines = written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            block = [line for _ in range(_BLOCK_RUNS) for line in run_finished(_made_up(chance))]
            text = "".join(f"{format_line(line, at)}\n" for line in block)
            # The same runs again and again make the log quickly; neither side takes notice.
            for _ in range(min(20, max(1, (size - written) // len(text)))):
                written += file.write(text)
                lines += len(block)
    return lines


def _made_up(chance: random.Random) -> FinishedRun:
    number = chance.randrange(1, 100_000)
    return FinishedRun(
        run_id=f"{number}-{chance.randrange(1 << 32):08x}",
        issue=IssueRef("octo/hello", number),
        outcome=Outcome.SUCCESS,
        priority=Priority.MEDIUM,
        duration_seconds=chance.lognormvariate(4.3, 1),
        gate_score=100.0,
        pull_request=f"https://github.com/octo/hello/pull/{number}",
    )


def _run(command: list[str]) -> tuple[float, float]:
    """Give seconds and the most memory in MB, which is asked for again and again: at the end it is gone.

    What the system adds up of a process that ended would begin with the memory of this one, from which it was forked.
    """
    start, peak = time.perf_counter(), 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            peak = max(peak, _peak_megabytes(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_LOOK_SECONDS)
        seconds = time.perf_counter() - start
        answer = process.stdout.read() if process.stdout else b""
    if process.returncode != 0 or not answer:
        raise RuntimeError(f"{command[0]} ended with {process.returncode} and said {answer[:200]!r}")
    return seconds, peak


def _peak_megabytes(pid: int) -> float:
    """Source: proc_pid_status(5), VmHWM; 0 for a process that is just ending."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
        return int(found[1]) * 1024 / _MEGABYTE if found else 0.0
    return 0.0

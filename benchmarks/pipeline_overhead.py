"""What the pipeline costs around an instant recipe, against a plain script that does the same commands.

The time of a run is from the start of its first phase to its verified pull request, as the ledger has it; the wait
between release and start, which is the engine's look at its queue, is told apart. The first issue of each side warms up
and does not count. Repetitions alternate, for the machine's speed drifts.
"""

import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure
from benchmarks.scene import open_issues, scene
from processor.ledger import queries
from processor.model import IssueRef
from tests.acceptance.system import REPOSITORY, System

_REPETITIONS = 3
_ISSUES = 6
_TARGET = 1.5
#: What both sides must have asked equally often, or the comparison would not be honest.
_COMPARED = ("get_issue", "list_pulls", "create_pull", "get_pull", "get_label", "git_push_pack")


def measure() -> Iterable[Figure]:
    """Measure both sides in turn."""
    ours: list[float] = []
    plain: list[float] = []
    waits: list[float] = []
    phases: dict[str, list[float]] = {}
    with scene(modules=2 * _REPETITIONS * _ISSUES) as system:
        system.forge.create_label(REPOSITORY, "auto-fix")
        for repetition in range(_REPETITIONS):
            first = 2 * repetition * _ISSUES
            seconds, asked_by_script = _plain(system, range(first, first + _ISSUES))
            plain += seconds[1:]
            refs, asked_by_us = _pipeline(system, range(first + _ISSUES, first + 2 * _ISSUES))
            _require_same(asked_by_us, asked_by_script, followed=repetition * _ISSUES)
            _collect(system, refs[1:], ours, waits, phases)
    ratio = statistics.median(ours) / statistics.median(plain)
    yield Figure("pipeline / plain script, medians", f"{ratio:.2f} ×", f"≤ {_TARGET} ×", ratio <= _TARGET)
    yield Figure("  one run of the pipeline", _spread(ours))
    yield Figure("  the plain script", _spread(plain))
    for phase, seconds in phases.items():
        yield Figure(f"  of which {phase}", _spread(seconds))
    yield Figure("engine poll: from release to start", _spread(waits))


def _plain(system: System, modules: range) -> tuple[list[float], Counter[str]]:
    numbers = open_issues(system, modules)
    for number in numbers:
        # The service must leave them alone.
        system.forge.set_labels(REPOSITORY, number, [])
    since = _last_request(system)
    with TemporaryDirectory() as folder:
        script = [sys.executable, "-m", "benchmarks.plain_script"]
        done = subprocess.run(
            [*script, system.forge.api_url, system.forge.url, system.token, folder, *map(str, numbers)],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
    return [float(number) for number in done.stdout.strip("[]").split(",")], _asked(system, since)


def _pipeline(system: System, modules: range) -> tuple[list[IssueRef], Counter[str]]:
    refs = [IssueRef(REPOSITORY, number) for number in open_issues(system, modules)]
    since = _last_request(system)
    service = system.start()
    for ref in refs:
        run = system.wait_for_outcome(ref, seconds=120)
        if run.outcome != "success":
            raise RuntimeError(f"{ref} ended {run.outcome}: {run.error_message}")
    system.stop(service)
    return refs, _asked(system, since)


def _collect(
    system: System, refs: list[IssueRef], ours: list[float], waits: list[float], phases: dict[str, list[float]]
) -> None:
    for ref in refs:
        run = system.runs(ref)[0]
        ours.append(run.duration_seconds or 0.0)
        waits.append((run.started_at or 0.0) - (run.released_at or 0.0))
        with system.ledger.read() as db:
            for phase in queries.phases_of_run(db, run.run_id):
                phases.setdefault(phase.phase, []).append((phase.ended_at or 0.0) - phase.started_at)


def _last_request(system: System) -> int:
    entries = system.forge.requests.entries()
    return entries[-1].id if entries else 0


def _asked(system: System, since: int) -> Counter[str]:
    return Counter(entry.endpoint for entry in system.forge.requests.entries(since_id=since))


def _require_same(ours: Counter[str], plain: Counter[str], *, followed: int) -> None:
    # Outside the time that is measured: the announcement after an outcome asks for the issue once more, and a service
    # that starts looks at the pull requests that are open.
    ours = ours - Counter({"get_issue": _ISSUES, "get_pull": followed})
    differing = {name: (ours[name], plain[name]) for name in _COMPARED if ours[name] != plain[name]}
    if differing:
        raise RuntimeError(f"the two sides did not ask the same (ours, plain): {differing}")


def _spread(seconds: list[float]) -> str:
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    return f"{middle:.2f} s ({low:.2f} to {high:.2f}, {len(seconds)} times)"

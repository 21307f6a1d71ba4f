"""What the pipeline costs around an instant recipe, against a plain script that does the same commands.

Both sides are warm and take turns, issue by issue, for the machine's speed drifts: two that are compared were measured
within seconds. A run counts from its first step to its last one, announcement and clearing up included. What passes
between release and start is the engine's look at its queue and is told apart.
"""

import os
import shutil
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, spread
from benchmarks.forge_process import ForgeProcess, forge_process
from benchmarks.same_work import record_git, require_same
from benchmarks.scale import Scale
from benchmarks.step_times import PARTS
from benchmarks.two_sides import OurTurn, PlainTurn, TwoSides, two_sides

_TARGET = 1.5
_Pair = tuple[OurTurn, PlainTurn]


def measure(scale: Scale) -> Iterable[Figure]:
    """Measure both sides in turn, after a look whether they run the same git commands."""
    with TemporaryDirectory(prefix="aip-bench-") as root, forge_process(Path(root) / "forge") as forge:
        _compare_git(forge, Path(root))
        count = 1 + scale.repetitions * scale.issues
        with two_sides(forge, Path(root), "timed", count) as sides:
            pairs = [_take_turns(sides, module) for module in range(count)]
    warm = pairs[1:]  # the first one of a service also asks who it is and fetches everything
    for ours, plain in warm:
        require_same("request", ours.requests, plain.requests)
    return list(_figures(warm, scale.issues))


def _compare_git(forge: ForgeProcess, root: Path) -> None:
    """Run an issue on either side with a git that notes what it is asked; nothing of this is timed."""
    git = shutil.which("git")
    if git is None:
        raise RuntimeError("git is not installed")
    folders = [root / "git-ours", root / "git-plain"]
    for folder in folders:
        folder.mkdir()
        record_git(folder, git)
    ours, plain = (f"{folder}:{os.environ['PATH']}" for folder in folders)
    with two_sides(forge, root, "look", 1, (ours, plain)) as sides:
        _take_turns(sides, 0)
    commands = [(folder / "commands").read_text().split() for folder in folders]
    # Before the first fetch each side makes its mirror in its own way.
    require_same("git command", *(found[found.index("fetch") :] for found in commands))


def _take_turns(sides: TwoSides, module: int) -> _Pair:
    if module % 2:
        return sides.ours(module), sides.plain(module)
    plain = sides.plain(module)
    return sides.ours(module), plain


def _figures(pairs: Sequence[_Pair], repetition: int) -> Iterable[Figure]:
    ours, plain = [mine for mine, _ in pairs], [theirs for _, theirs in pairs]
    ratios = [_ratio(pairs[at : at + repetition]) for at in range(0, len(pairs), repetition)]
    yield spread("pipeline / plain script", ratios, "×", most=_TARGET)
    yield _in_ms("one run of the pipeline", [turn.steps.whole_seconds for turn in ours])
    yield _in_ms("the same by the plain script", [turn.whole_seconds for turn in plain])
    for part in PARTS:
        yield _in_ms(f"{part}: pipeline", [turn.steps.part_seconds[part] for turn in ours])
        yield _in_ms(f"{part}: plain script", [turn.part_seconds[part] for turn in plain])
    yield _in_ms("between the parts: pipeline", [turn.steps.between_seconds for turn in ours])
    yield _in_ms("engine poll, from release to start", [turn.wait_seconds for turn in ours])


def _ratio(pairs: Sequence[_Pair]) -> float:
    ours = statistics.median(mine.steps.whole_seconds for mine, _ in pairs)
    return ours / statistics.median(theirs.whole_seconds for _, theirs in pairs)


def _in_ms(what: str, seconds: Sequence[float]) -> Figure:
    return spread(what, [1000 * value for value in seconds], "ms")

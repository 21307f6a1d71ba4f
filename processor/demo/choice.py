"""Choose a varied mix of the defects that were found. Pure."""

from collections import Counter
from collections.abc import Sequence

from processor.demo.defects import Defect
from processor.model import Priority

#: Turn by turn through the priorities; spelling has a turn of its own.
_TURNS = (*Priority, "spelling")


def choose_mix(defects: Sequence[Defect], number: int) -> tuple[Defect, ...]:
    """Take `number` defects, or all when there are fewer: every priority in turn, new rules and new files first."""
    left = {turn: [defect for defect in defects if _turn_of(defect) == turn] for turn in _TURNS}
    rules: Counter[str] = Counter()
    files: Counter[str] = Counter()
    chosen: list[Defect] = []
    while len(chosen) < number and any(left.values()):
        for turn in _TURNS:
            if left[turn] and len(chosen) < number:
                best = min(left[turn], key=lambda one: (rules[one.rule], files[one.path], one.rule, one.path))
                left[turn].remove(best)
                rules[best.rule] += 1
                files[best.path] += 1
                chosen.append(best)
    return tuple(chosen)


def _turn_of(defect: Defect) -> str:
    return "spelling" if defect.tool == "codespell" else defect.priority

"""Read how long each step of a run took, from the record that the engine keeps of it."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from processor.model import Phase

ENDING = "ending"
#: The parts of a run, in order: its phases, and what comes after the outcome or announces it.
PARTS = (*map(str, Phase), ENDING)
_LAST_STEP = "clean_up"
_ENDING_STEPS = {"finish", "announce", _LAST_STEP}


@dataclass(frozen=True)
class StepTimes:
    """Times of one run, in seconds; `started_at` since the epoch."""

    started_at: float
    whole_seconds: float  #: from the first step to the end of the last one
    part_seconds: dict[str, float]

    @property
    def between_seconds(self) -> float:
        """Tell what passed outside the parts: the run's own start, and the engine's record of every step."""
        return self.whole_seconds - sum(self.part_seconds.values())


def has_ended(state: Path, run_id: str) -> bool:
    """Tell whether the engine has recorded the last step of a run."""
    return any(name == _LAST_STEP for name, _, _ in _rows(state, run_id))


def read_step_times(state: Path, run_id: str) -> StepTimes:
    """Read the steps of a run that succeeded at its first attempt and has ended."""
    rows = _rows(state, run_id)
    seconds = dict.fromkeys(PARTS, 0.0)
    phases = iter(Phase)
    for name, started, ended in rows:
        if name == "phase":
            seconds[next(phases)] = ended - started
        elif name in _ENDING_STEPS:
            seconds[ENDING] += ended - started
    return StepTimes(started_at=rows[0][1], whole_seconds=rows[-1][2] - rows[0][1], part_seconds=seconds)


def _rows(state: Path, run_id: str) -> list[tuple[str, float, float]]:
    with contextlib.closing(sqlite3.connect(state / "engine.sqlite")) as db:
        return db.execute(
            "SELECT function_name, started_at_epoch_ms / 1000.0, completed_at_epoch_ms / 1000.0 "
            "FROM operation_outputs WHERE workflow_uuid = ? ORDER BY function_id",
            (run_id,),
        ).fetchall()

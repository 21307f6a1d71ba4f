"""Make up what an exporter would show over some days: runs that arrive by chance, of which some fail."""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STEP_MINUTES = 10
STEPS_A_DAY = 24 * 60 // STEP_MINUTES
HEALTHY = 0.08  #: share of runs that fail although nothing is wrong
_RECENT = 20  #: what the exporter's ratio of recent failures looks at


@dataclass(frozen=True)
class Scenario:
    """One installation. From `fault_day` on a share of `fault_ratio` fails; before it, and without it, HEALTHY."""

    service: str
    issues_a_day: int
    days: int
    fault_day: int | None = None
    fault_ratio: float = HEALTHY

    def series(self, chance: random.Random) -> dict[str, str]:
        """Give each series with its values in promtool's notation; `fault` is 1 from the fault on."""
        steps = list(self._steps(chance))
        success, error, streak, recent = (_compressed(values) for values in zip(*steps, strict=True))
        faulty = [self._is_faulty(number) for number in range(len(steps))]
        return {
            f'aip_runs_total{{service="{self.service}",outcome="success"}}': success,
            f'aip_runs_total{{service="{self.service}",outcome="error"}}': error,
            f'aip_consecutive_failures{{service="{self.service}"}}': streak,
            f'aip_recent_failure_ratio{{service="{self.service}",window_events="{_RECENT}"}}': recent,
            f'aip_slo_objective_ratio{{service="{self.service}",slo="success"}}': f"0.85x{len(steps) - 1}",
            f'fault{{service="{self.service}"}}': _compressed([str(int(value)) for value in faulty]),
        }

    def _steps(self, chance: random.Random) -> Iterator[tuple[str, str, str, str]]:
        counts = {False: 0, True: 0}
        streak = 0
        recent: deque[bool] = deque(maxlen=_RECENT)
        due = chance.expovariate(self.issues_a_day)
        for number in range(self.days * STEPS_A_DAY + 1):
            while due <= number / STEPS_A_DAY:
                failed = chance.random() < (self.fault_ratio if self._is_faulty(number) else HEALTHY)
                counts[failed] += 1
                streak = streak + 1 if failed else 0
                recent.append(failed)
                due += chance.expovariate(self.issues_a_day)
            ratio = f"{sum(recent) / _RECENT:g}" if len(recent) == _RECENT else "_"
            yield str(counts[False]), str(counts[True]), str(streak), ratio

    def _is_faulty(self, number: int) -> bool:
        return self.fault_day is not None and number > self.fault_day * STEPS_A_DAY


def _compressed(values: Sequence[str]) -> str:
    """Write equal neighbours as one: `7x2` is 7 7 7, and `_x2` is none twice."""
    parts: list[str] = []
    start = 0
    for end in range(1, len(values) + 1):
        if end == len(values) or values[end] != values[start]:
            parts.append(f"_x{end - start}" if values[start] == "_" else f"{values[start]}x{end - start - 1}")
            start = end
    return " ".join(parts)

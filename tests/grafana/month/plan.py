"""What happens in the month: which issues come, how their runs go and end, what becomes of the pull requests."""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from processor.errors import ErrorType
from processor.model import Outcome, Phase, Priority
from tests.grafana.month.calendar import BAD, DAY, HOUR, NOW, QUIET, START, TOKYO, at

Thing = TypeVar("Thing")
SEED = "busy"
REPOSITORIES = ("octo/hello", "octo/shop")
PLACES = 3
_WEEKDAY, _WEEKEND = 11.0, 4.0  #: issues a day
_NIGHT = 0.15  #: of the pace of the day
_TODAY = 7 * HOUR  #: which are busy
_RUSH, _RUSH_AGE = 30, 1200  #: issues labelled in one go, so many seconds before the end: most of them wait then
#: In Europe/Paris it is 02:20 both times.
_IN_THE_DOUBLE_HOUR = (at("2025-10-26T09:20"), at("2025-10-26T10:20"))
_GOOD_DAY = {Outcome.SUCCESS: 180, Outcome.REJECTED: 10, Outcome.ERROR: 6, Outcome.TIMEOUT: 2, Outcome.CANCELLED: 2}
_BAD_DAY = {Outcome.SUCCESS: 25, Outcome.REJECTED: 5, Outcome.ERROR: 60, Outcome.TIMEOUT: 10, Outcome.CANCELLED: 0}
_PRIORITIES = {Priority.CRITICAL: 5, Priority.HIGH: 25, Priority.MEDIUM: 45, Priority.LOW: 25}
_ERRORS = {
    (Phase.PREPARE, ErrorType.GIT): 1,
    (Phase.PREPARE, ErrorType.NETWORK): 2,
    (Phase.AGENT, ErrorType.AGENT_EXIT): 5,
    (Phase.AGENT, ErrorType.AGENT_NO_CHANGE): 3,
    (Phase.GATE, ErrorType.GATE_TOOL): 1,
    (Phase.PUBLISH, ErrorType.GITHUB_API): 3,
    (Phase.PUBLISH, ErrorType.PUBLISH_CONFLICT): 1,
}


@dataclass(frozen=True)
class Attempt:
    """One try: the seconds of each phase it reached; `failed_in` and `error_type` are None when it went well."""

    phases: tuple[tuple[Phase, float], ...]
    failed_in: Phase | None = None
    error_type: ErrorType | None = None

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self.phases)


@dataclass(frozen=True)
class Review:
    """What people did with a pull request: seconds after its opening; None is not yet."""

    first_word: float | None
    end: float | None
    is_merged: bool


@dataclass(frozen=True)
class PlannedRun:
    """One issue from its discovery to the outcome of its run. `pause` is the wait before another attempt."""

    number: int
    repository: str
    priority: Priority
    found_at: float
    started_at: float
    agent: str
    attempts: tuple[Attempt, ...]
    pause: float
    outcome: Outcome
    score: float
    review: Review

    @property
    def ended_at(self) -> float:
        return self.started_at + sum(one.seconds for one in self.attempts) + self.pause * (len(self.attempts) - 1)


def plan() -> list[PlannedRun]:
    """Give every run of the month, in the order of their discovery; three are worked on at once."""
    chance = random.Random(SEED)  # noqa: S311 - made-up data that is the same each time
    free = [START] * PLACES
    runs = []
    for number, found_at in enumerate(sorted(_arrivals(chance)), 100):
        started_at = max(found_at + chance.uniform(5, 60), heapq.heappop(free))
        run = _run(chance, number, found_at, started_at)
        if run.ended_at in QUIET:
            heapq.heappush(free, QUIET.end)
            continue
        heapq.heappush(free, run.ended_at)
        runs.append(run)
    return runs


def _arrivals(chance: random.Random) -> Iterator[float]:
    moment = START
    while moment < NOW:
        local = datetime.fromtimestamp(moment, TOKYO)
        pace = (_WEEKEND if local.weekday() >= 5 else _WEEKDAY) * (1 if 9 <= local.hour < 20 else _NIGHT)
        pace *= 4 if moment in BAD else 3 if moment > NOW - _TODAY else 1
        moment += min(chance.expovariate(pace / (DAY * 0.55)), HOUR * 3)
        if moment not in QUIET:
            yield from (moment + 20 * one for one in range(chance.choices((1, 2, 9), (90, 8, 2))[0]))
    yield from _IN_THE_DOUBLE_HOUR
    yield from (NOW - _RUSH_AGE + 15 * one for one in range(_RUSH))


def _run(chance: random.Random, number: int, found_at: float, started_at: float) -> PlannedRun:
    is_bad = found_at in BAD
    outcome = _drawn(chance, _BAD_DAY if is_bad else _GOOD_DAY)
    again = chance.random() < (0.5 if is_bad else 0.07)
    attempts = [_attempt(chance, Outcome.ERROR, is_bad=is_bad)] if again else []
    return PlannedRun(
        number=number,
        repository=chance.choices(REPOSITORIES, (3, 1))[0],
        priority=_drawn(chance, _PRIORITIES),
        found_at=found_at,
        started_at=started_at,
        agent=chance.choices(("claude", "codex", "tidy"), (6, 3, 1))[0],
        attempts=(*attempts, _attempt(chance, outcome, is_bad=is_bad)),
        pause=chance.uniform(30, 90),
        outcome=outcome,
        score=chance.triangular(30, 69, 60) if outcome is Outcome.REJECTED else chance.triangular(70, 100, 92),
        review=_review(chance),
    )


def _attempt(chance: random.Random, outcome: Outcome, *, is_bad: bool) -> Attempt:
    agent = 1800.0 if outcome is Outcome.TIMEOUT else min(1700, chance.lognormvariate(5.4 if is_bad else 4.1, 0.6))
    seconds = {
        Phase.PREPARE: chance.uniform(2, 9),
        Phase.AGENT: agent,
        Phase.GATE: min(500, chance.lognormvariate(3.6, 0.5)),
        Phase.PUBLISH: chance.uniform(2, 8),
    }
    failed_in, error_type = None, None
    if outcome is Outcome.ERROR:
        failed_in, error_type = _drawn(chance, _ERRORS)
    elif outcome is Outcome.TIMEOUT:
        failed_in, error_type = Phase.AGENT, ErrorType.AGENT_TIMEOUT
    last = failed_in or {Outcome.REJECTED: Phase.GATE, Outcome.CANCELLED: Phase.AGENT}.get(outcome, Phase.PUBLISH)
    reached = list(seconds)[: list(seconds).index(last) + 1]
    return Attempt(tuple((phase, seconds[phase]) for phase in reached), failed_in, error_type)


def _review(chance: random.Random) -> Review:
    first = chance.lognormvariate(0.0, 0.8) * HOUR
    is_ended, is_merged = chance.random() < 0.99, chance.random() < 0.88
    return Review(
        first if chance.random() < 0.6 else None,
        first + chance.lognormvariate(0.7, 0.9) * HOUR if is_ended else None,
        is_merged,
    )


def _drawn(chance: random.Random, weights: dict[Thing, int]) -> Thing:
    return chance.choices(list(weights), list(weights.values()))[0]

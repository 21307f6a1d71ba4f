"""How often the alerts on failing runs are wrong, and how soon they are right, by the number of issues a day."""

from collections.abc import Iterable, Iterator

from benchmarks.figure import Figure
from benchmarks.rule_evaluation import COMMITTED, LITERAL, evaluate
from benchmarks.scale import Scale
from benchmarks.simulated_runs import STEP_MINUTES, Scenario

_MONTH_DAYS = 30
_VOLUMES = (5, 20, 100, 300)  #: issues a day
_FAULTS = {"all fail": 1.0, "40 % fail": 0.4}
_MOST_FALSE = 0.5  #: a month
#: Hours until half of the outages are found: few issues a day tell little.
_MOST_HOURS = {5: 24.0, 20: 8.0, 100: 2.0, 300: 1.0}
_RULES = {COMMITTED: "", LITERAL: " (handbook)"}


def measure(scale: Scale) -> Iterable[Figure]:
    """Evaluate as many made-up months and faults as the scale names."""
    yield from _false_alerts(scale)
    yield from _hours_until_found(scale)


def _false_alerts(scale: Scale) -> Iterator[Figure]:
    days = scale.healthy_days
    scenarios = [
        Scenario(f"{volume}-{number}", volume, days) for volume in _VOLUMES for number in range(scale.simulations)
    ]
    # An alert that began has ended, or fires now.
    counts = evaluate(scenarios, f"resets(bench:firing[{days}d]) + on (service, by) bench:firing", "healthy")
    for volume in _VOLUMES:
        for kind, name in _RULES.items():
            months = [counts[one.service, kind] * _MONTH_DAYS / days for one in scenarios if one.issues_a_day == volume]
            most = _MOST_FALSE if kind == COMMITTED else None
            what = f"{volume} a day, 8 % fail as usual: false alerts{name}"
            yield Figure(what, sum(months) / len(months), "a month", min(months), max(months), len(months), most)


def _hours_until_found(scale: Scale) -> Iterator[Figure]:
    watched = scale.faulty_days
    for fault, ratio in _FAULTS.items():
        scenarios = [
            Scenario(f"{volume}-{number}", volume, scale.days_before_fault + watched, scale.days_before_fault, ratio)
            for volume in _VOLUMES
            for number in range(scale.simulations)
        ]
        steps = evaluate(scenarios, f"count_over_time(bench:found[{watched}d])", fault)
        for volume in _VOLUMES:
            for kind, name in _RULES.items():
                hours = sorted(
                    watched * 24 - steps.get((one.service, kind), 0) * STEP_MINUTES / 60
                    for one in scenarios
                    if one.issues_a_day == volume
                )
                most = _MOST_HOURS[volume] if ratio == 1 and kind == COMMITTED else None
                what = f"{volume} a day, {fault}: found after{name}"
                yield Figure(what, hours[len(hours) // 2], "h", hours[0], hours[-1], len(hours), most)

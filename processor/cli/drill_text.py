"""What `aip drill` prints: what can be drilled, and how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from processor.alerting.drill.plan import Plan
from processor.alerting.drill.verdict import Verdict
from processor.cli import screen, words


def print_list(planned: Sequence[Plan], others: Mapping[str, str], *, as_json: bool) -> None:
    """Print each drill before it is run; `others` are alerts that have none, with the reason."""
    if as_json:
        rows = [
            {"alert": plan.alert, "condition": plan.script.told, "channels": sorted(plan.channels)} for plan in planned
        ]
        screen.print_json({"drills": rows, "not_drilled": others})
        return
    screen.print_table(
        ("ALERT", "SEVERITY", "DELIVERED TO", "CONDITION"),
        [
            (plan.alert, plan.rule.labels.get("severity", ""), ", ".join(sorted(plan.channels)), plan.script.told)
            for plan in planned
        ],
    )
    _print_others(others)


def print_results(
    verdicts: Sequence[Verdict], others: Mapping[str, str], seconds: float, is_recorded: bool, *, as_json: bool
) -> None:
    """Print a table with the faults below it, or JSON; `others` as for the list."""
    failed = sum(not verdict.is_passed for verdict in verdicts)
    if as_json:
        rows: list[dict[str, Any]] = [asdict(verdict) | {"is_passed": verdict.is_passed} for verdict in verdicts]
        counts = {"failed": failed, "seconds": round(seconds, 1), "recorded": is_recorded}
        screen.print_json({"drills": rows, "not_drilled": others, **counts})
        return
    screen.print_table(
        ("ALERT", "K", "CONDITION", "FIRED", "DELIVERED TO", "OVER", "RESULT"), [_row(verdict) for verdict in verdicts]
    )
    for verdict in verdicts:
        for fault in verdict.faults:
            screen.say(f"{verdict.alert}: {fault}", "red")
    _print_others(others)
    screen.say(f"{len(verdicts) - failed} of {words.count(len(verdicts), 'drill')} passed in {words.duration(seconds)}")


def _print_others(others: Mapping[str, str]) -> None:
    for name, reason in others.items():
        screen.say(f"{name} cannot be drilled: {reason}")


def _row(verdict: Verdict) -> tuple[screen.Cell, ...]:
    return (
        verdict.alert,
        f"{verdict.k:g}",
        verdict.condition,
        words.duration(verdict.fired_seconds),
        ", ".join(verdict.delivered_to) or "-",
        words.duration(verdict.over_seconds),
        screen.state_cell("passed" if verdict.is_passed else "failed"),
    )

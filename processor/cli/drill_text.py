"""What `aip drill` prints: what can be drilled, and how it went."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from processor.alerting.drill.plan import Plan
from processor.alerting.drill.verdict import Verdict
from processor.cli import screen, words


def print_list(planned: Sequence[Plan], others: Sequence[str], *, as_json: bool) -> None:
    """Print each drill before it is run; `others` are alerts that have none."""
    if as_json:
        rows = [
            {"alert": plan.alert, "condition": plan.script.told, "channels": sorted(plan.channels)} for plan in planned
        ]
        screen.print_json({"drills": rows, "without_script": others})
        return
    screen.print_table(
        ("ALERT", "SEVERITY", "DELIVERED TO", "CONDITION"),
        [
            (plan.alert, plan.rule.labels.get("severity", ""), ", ".join(sorted(plan.channels)), plan.script.told)
            for plan in planned
        ],
    )
    for name in others:
        screen.say(f"{name} cannot be drilled: it is no shipped alert, so no script says how to bring it about")


def print_results(verdicts: Sequence[Verdict], seconds: float, is_recorded: bool, *, as_json: bool) -> None:
    """Print a table with the faults below it, or JSON."""
    failed = sum(not verdict.is_passed for verdict in verdicts)
    if as_json:
        rows: list[dict[str, Any]] = [asdict(verdict) | {"is_passed": verdict.is_passed} for verdict in verdicts]
        screen.print_json({"drills": rows, "failed": failed, "seconds": round(seconds, 1), "recorded": is_recorded})
        return
    screen.print_table(
        ("ALERT", "K", "CONDITION", "FIRED", "DELIVERED TO", "OVER", "RESULT"), [_row(verdict) for verdict in verdicts]
    )
    for verdict in verdicts:
        for fault in verdict.faults:
            screen.say(f"{verdict.alert}: {fault}", "red")
    screen.say(f"{len(verdicts) - failed} of {words.count(len(verdicts), 'drill')} passed in {words.duration(seconds)}")


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

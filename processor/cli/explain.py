"""`aip explain`: why an issue is or is not processed."""

from dataclasses import asdict
from typing import Any

import typer
from rich.text import Text

from processor.cli import options, screen
from processor.cli.parts import as_known, command_parts, poller_of
from processor.operations.explanation import Explanation, holders, outlook
from processor.operations.explanation import explain as explain_issue


def explain(context: typer.Context, issue: options.IssueArgument, *, as_json: options.Json = False) -> None:
    """Say why an issue is or is not processed.

    Every rule is shown in order, with the value that it looked at. Nothing is changed; the exit code is 0 either way.

    Example: aip explain octo/hello#42
    """
    ref = options.issue_ref(issue)
    with command_parts(context) as parts:
        found = explain_issue(poller_of(parts), as_known(parts, ref))
        caps = parts.settings.main.publish
        parallel = found.capacity.parallel
    if as_json:
        screen.print_json(_as_json(found, parallel))
        return
    _print_rules(found)
    screen.say()
    screen.print_fields(
        {
            "priority": f"{found.decision.priority} ({found.priority_reason})",
            "backlog": f"place {found.position} of {max(found.backlog, found.position)}" if found.position else None,
            "capacity": f"{found.capacity.level} load: {found.active} active, at most {parallel} on a host",
            "runs under": f"{' or '.join(found.levels) or 'no'} load (priority {found.decision.priority})",
            "held by": ", ".join(holders(found)) or None,
            "open cap": f"{max(0, found.room.open_left)} of {caps.max_open_pull_requests} pull requests left",
            "hour cap": f"{max(0, found.room.hour_left)} of {caps.max_pull_requests_per_hour} pull requests left",
        }
    )
    for sentence in outlook(found):
        screen.say(f"next: {sentence}")


def _print_rules(found: Explanation) -> None:
    decision = found.decision
    verdict = "is eligible" if decision.is_eligible else f"is not eligible: {decision.reason}"
    screen.say(f"{found.issue.ref} {verdict}", "bold green" if decision.is_eligible else "bold yellow")
    screen.say(f"{found.issue.title} ({found.issue.url})")
    screen.say()
    rows = [
        (
            str(number),
            step.rule,
            Text("passes", style="green") if step.is_satisfied else Text("refuses", style="red"),
            step.value,
        )
        for number, step in enumerate(decision.steps, start=1)
    ]
    screen.print_table(("#", "REFUSES WHEN", "VERDICT", "VALUE"), rows, cuts_last=False)


def _as_json(found: Explanation, parallel: int) -> dict[str, Any]:
    decision = found.decision
    return {
        "issue": str(found.issue.ref),
        "title": found.issue.title,
        "url": found.issue.url,
        "is_eligible": decision.is_eligible,
        "reason": decision.reason,
        "rules": [asdict(step) for step in decision.steps],
        "priority": str(decision.priority),
        "priority_reason": found.priority_reason,
        "run_id": found.run.run_id if found.run else None,
        "position": found.position,
        "backlog": found.backlog,
        "active": found.active,
        "capacity_level": found.capacity.level,
        "capacity_reason": found.capacity.reason,
        "runs_at_levels": list(found.levels),
        "held_by": list(holders(found)),
        "max_parallel": parallel,
        "open_pull_requests_left": found.room.open_left,
        "pull_requests_this_hour_left": found.room.hour_left,
        "is_paused": found.paused is not None,
        "is_waiting_for_operator": bool(found.record and found.record.is_waiting_for_operator),
        "next": list(outlook(found)),
    }

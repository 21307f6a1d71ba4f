"""Print the object of `/api/status` for people."""

import time
from collections.abc import Mapping
from typing import Any

from processor.cli import screen, words


def print_status(shown: Mapping[str, Any]) -> None:
    """Print state, work, queue, polls and GitHub's limits."""
    now = time.time()
    queued = shown["queued"]
    paused = shown["paused"]
    screen.print_fields(
        {
            "state": screen.state_cell(str(shown["state"])),
            "paused": _paused(paused) if paused else None,
            "instance": str(shown["instance"]),
            "active": f"{len(shown['active_tasks'])} of {shown['max_parallel']} (capacity {shown['capacity_level']})",
            "load": shown["capacity_reason"] or None,
            "changed": _changed(shown["settings_changed"]),
            "backlog": f"{sum(queued.values())} ({', '.join(f'{name} {number}' for name, number in queued.items())})",
            "waiting": _waiting(shown["waiting_for_operator"], shown["waiting_seconds_estimated"]),
            "dry run": "yes; nothing is written on GitHub" if shown["is_dry_run"] else None,
            "last poll": _ago(shown["last_poll_success_at"], now),
            "poll error": shown["last_poll_error"],
            "next poll": _in(shown["next_poll_at"], now),
            "GitHub": _limited(shown["github"]),
            "services": ", ".join(str(one["instance"]) for one in shown["services"]) or None,
        }
    )
    _print_active(shown["active_tasks"])
    _print_limits(shown["github"]["rate_limits"], now)


def _paused(paused: Mapping[str, Any]) -> str:
    reason = f": {paused['reason']}" if paused["reason"] else ""
    return f"by {paused['by']} at {words.moment(paused['at'])}{reason}; `aip resume` goes on"


def _changed(settings: Mapping[str, Any]) -> str | None:
    return f"{', '.join(settings)} for a while; `aip config diff` says who, why and until when" if settings else None


def _waiting(number: int, seconds: float | None) -> str | None:
    if number == 0:
        return None
    held = f"{words.count(number, 'issue')} held back by a first start, about {words.duration(seconds)} of work"
    return f"{held}; `aip queue retry --waiting` lets them go"


def _ago(at: float | None, now: float) -> str | None:
    return None if at is None else f"{words.moment(at)} ({words.duration(max(0.0, now - at))} ago)"


def _in(at: float | None, now: float) -> str | None:
    return None if at is None else f"{words.moment(at)} (in {words.duration(max(0.0, at - now))})"


def _limited(github: Mapping[str, Any]) -> str | None:
    until = github["limited_until"]
    return None if until is None else f"asked us to wait until {words.moment(until)}"


def _print_active(tasks: list[Mapping[str, Any]]) -> None:
    if not tasks:
        return
    screen.say()
    screen.print_table(
        ("RUN", "PRIORITY", "PHASE", "ATTEMPT", "AGE", "ISSUE", "TITLE"),
        [
            (
                str(task["run_id"]),
                str(task["priority"]),
                str(task["phase"] or "-") + (" (canary)" if task["is_canary"] else ""),
                str(task["attempt"]),
                words.duration(task["age_seconds"]),
                str(task["issue"]),
                str(task["title"]),
            )
            for task in tasks
        ],
    )


def _print_limits(limits: list[Mapping[str, Any]], now: float) -> None:
    if not limits:
        return
    screen.say()
    screen.print_table(
        ("GITHUB LIMIT", "REMAINING", "OF", "RESETS IN"),
        [
            (
                str(limit["resource"]),
                str(limit["remaining"]),
                str(limit["limit"]),
                words.duration(max(0.0, limit["reset_at"] - now)),
            )
            for limit in limits
        ],
    )

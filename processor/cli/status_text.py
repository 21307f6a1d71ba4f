"""Print the object of `/api/status` for people."""

import time
from collections.abc import Mapping
from typing import Any

from processor.cli import screen, words
from processor.intake.capacity import capacity_of, may_start
from processor.model import Priority
from processor.settings.sections import MainFile


def print_status(shown: Mapping[str, Any], main: MainFile) -> None:
    """Print state, work, queue, polls and GitHub's limits; `main` says what each level of load starts."""
    now = time.time()
    queued = shown["queued"]
    paused = shown["paused"]
    screen.print_fields(
        {
            "state": screen.state_cell(str(shown["state"])),
            "paused": _paused(paused) if paused else None,
            "instance": str(shown["instance"]),
            "active": _active(shown),
            "load": _load(shown),
            "changed": _changed(shown["settings_changed"]),
            "backlog": f"{sum(queued.values())} ({', '.join(f'{name} {number}' for name, number in queued.items())})",
            "held": _held(shown, main),
            "waiting": _waiting(shown["waiting_for_operator"], shown["waiting_seconds_estimated"]),
            "dry run": "yes; nothing is written on GitHub" if shown["is_dry_run"] else None,
            "canary": _canary(shown.get("canary"), now),
            "last poll": _ago(shown["last_poll_success_at"], now),
            "poll error": shown["last_poll_error"],
            "next poll": _in(shown["next_poll_at"], now),
            "GitHub": _limited(shown["github"]),
            "services": ", ".join(_service(one) for one in shown["services"]) or None,
        }
    )
    _print_active(shown["active_tasks"])
    _print_limits(shown["github"]["rate_limits"], now)


def _active(shown: Mapping[str, Any]) -> str:
    """Count what all hosts do, and the places of all hosts."""
    places = [one["max_parallel"] for one in shown["services"] if one["max_parallel"] is not None]
    where = f" on {len(places)} hosts" if len(places) > 1 else ""
    return f"{len(shown['active_tasks'])} of {sum(places) or shown['max_parallel']}{where}"


def _load(shown: Mapping[str, Any]) -> str:
    level, reason = shown["capacity_level"], shown["capacity_reason"]
    why = reason or ("each host follows its load" if level == "auto" else None)
    return f"{level}: {why}" if why else str(level)


def _held(shown: Mapping[str, Any], main: MainFile) -> str | None:
    """Say what no host starts at the load that it is under."""
    levels = {level for one in shown["services"] if (level := one["capacity_level"])} or {shown["capacity_level"]}
    known = [capacity_of(main, level) for level in ("low", "medium", "high") if level in levels]
    names = [str(each) for each in Priority if known and not any(may_start(each, one) for one in known)]
    number = sum(shown["queued"][name] for name in names)
    if not number:
        return None
    return (
        f"{number} of {', '.join(names)} priority until the load is lower; `aip capacity show` says which starts when"
    )


def _service(one: Mapping[str, Any]) -> str:
    """Name a service with its load, and the changed settings that do not go with its files."""
    level, left_out = one["capacity_level"], one.get("settings_left_out")
    told = [f"{level} load" if level else "", f"without {left_out.replace(',', ', ')}" if left_out else ""]
    return " ".join([str(one["instance"]), *(f"({each})" for each in told if each)])


def _paused(paused: Mapping[str, Any]) -> str:
    reason = f": {paused['reason']}" if paused["reason"] else ""
    return f"by {paused['by']} at {words.moment(paused['at'])}{reason}; `aip resume` takes issues again"


def _changed(settings: Mapping[str, Any]) -> str | None:
    return f"{', '.join(settings)} for a while; `aip config diff` says who, why and until when" if settings else None


def _waiting(number: int, seconds: float | None) -> str | None:
    if number == 0:
        return None
    held = f"{words.count(number, 'issue')} held back by a first start, about {words.duration(seconds)} of work"
    return f"{held}; `aip queue retry --waiting` lets them go"


def _canary(last: Mapping[str, Any] | None, now: float) -> str | None:
    if last is None:
        return None
    at = last["ended_at"] or last["begun_at"]
    how = f"{last['result'] or 'under way'} ({words.duration(max(0.0, now - at))} ago)"
    return f"{how}: {last['reason']}" if last["reason"] else how


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
                str(task["phase"] or "-") + (" (canary)" if task.get("is_canary") else ""),
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

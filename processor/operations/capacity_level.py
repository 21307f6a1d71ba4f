"""The level of capacity by hand: a setting like others, so that it ends, is recorded and holds on all hosts."""

from typing import Any

from sqlalchemy import Connection

from processor.errors import UsageError
from processor.intake.capacity import capacity_of
from processor.ledger import overrides as ledger_overrides
from processor.ledger import queries, services
from processor.ledger.connection import Ledger
from processor.operations.host_levels import host_levels
from processor.operations.setting_changes import Changed, Wish, set_overrides, take_back
from processor.settings.load import Loaded
from processor.settings.sections import LevelName, MainFile

CAPACITY_KEY = "main.capacity.level"
LEVELS: tuple[LevelName, ...] = ("low", "medium", "high")


def set_level(
    ledger: Ledger, base: Loaded, level: str, *, seconds: float | None, actor: str, reason: str, now: float
) -> tuple[Changed, ...]:
    """Put every host at one level for a while; `auto` has each follow its load again.

    Args:
        seconds: how long; None only for auto, where the files say auto too.

    Raises:
        UsageError: it is not said for how long, or no reason is given.
    """
    fixed = base.settings.main.capacity.level
    if level == "auto" and fixed == "auto":
        return take_back(ledger, base, [CAPACITY_KEY], actor=actor, reason=reason, now=now)
    if seconds is None:
        wanted = f"say for how long {level} holds, such as 2h, and why"
        if level == "auto":
            back = "`aip config revert capacity.level` goes back to that"
            raise UsageError(f"capacity.level is {fixed} in the settings files; {back}, or {wanted}")
        raise UsageError(wanted)
    wish = Wish(values={CAPACITY_KEY: level}, seconds=seconds, actor=actor, reason=reason)
    return set_overrides(ledger, base, wish, now)


def capacity_view(db: Connection, main: MainFile, now: float) -> dict[str, Any]:
    """Show the level of every living host, what was set by hand, what each level starts, and what waits."""
    standing = [one for one in ledger_overrides.list_overrides(db) if one.key == CAPACITY_KEY and one.is_in_force(now)]
    waiting = [run.priority for run in queries.backlog(db) if not run.is_canary]
    return {
        "level": main.capacity.level,
        "override": next(
            (
                {"value": one.value, "set_by": one.set_by, "reason": one.reason, "expires_at": one.expires_at}
                for one in standing
            ),
            None,
        ),
        "hosts": {
            name: {
                "level": one.level,
                "parallel": one.parallel,
                "poll_interval_seconds": one.poll_interval_seconds,
                "reason": one.reason,
            }
            for name, one in host_levels(services.list_services(db), main, now).items()
        },
        "levels": {name: _starts(main, name) for name in LEVELS},
        "waiting": {str(priority): waiting.count(priority) for priority in dict.fromkeys(waiting)},
    }


def _starts(main: MainFile, level: LevelName) -> dict[str, Any]:
    """Say what a level starts here: its own numbers within those that hold for all levels."""
    within = capacity_of(main, level)
    return {
        **getattr(main.capacity, level).model_dump(mode="json"),
        "parallel": within.parallel,
        "poll_interval_seconds": within.poll_interval_seconds,
    }

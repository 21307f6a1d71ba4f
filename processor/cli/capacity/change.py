"""`aip capacity set` and `aip capacity auto`: the level by hand, and back."""

import time
from enum import StrEnum
from typing import Annotated

import typer

from processor.cli import options
from processor.cli.config.outcome import show_changed
from processor.cli.state import actor, command_files
from processor.errors import UsageError
from processor.model.durations import seconds_of
from processor.operations.capacity_level import CAPACITY_KEY
from processor.operations.setting_changes import Wish, set_overrides, take_back


class Level(StrEnum):
    """The load that the hosts are taken to be under."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def set_level(
    context: typer.Context,
    level: Annotated[Level, typer.Argument(metavar="LEVEL", help="low, medium or high, as in `aip capacity show`.")],
    *,
    duration: options.For,
    reason: options.Why,
    as_json: options.Json = False,
) -> None:
    """Put every host at one level for a while.

    It holds on all hosts within seconds and across restarts, and ends by itself: each follows its load again then.

    Example: aip capacity set high --for 2h --reason "backup runs"
    """
    with command_files(context, must_exist=False) as (base, ledger):
        values = {CAPACITY_KEY: str(level)}
        wish = Wish(values=values, seconds=seconds_of(duration), actor=actor(), reason=reason)
        changed = set_overrides(ledger, base, wish, time.time())
        show_changed(ledger, changed, as_json=as_json)


def auto(
    context: typer.Context,
    *,
    duration: Annotated[
        str | None,
        typer.Option("--for", metavar="TIME", help="How long, where the settings files keep a fixed level."),
    ] = None,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Let every host follow its load again.

    The level that was set by hand is taken back. Where the settings files keep a fixed level, say for how long.

    Example: aip capacity auto
    """
    with command_files(context, must_exist=False) as (base, ledger):
        fixed = base.settings.main.capacity.level
        if fixed == "auto":
            changed = take_back(ledger, base, [CAPACITY_KEY], actor=actor(), reason=reason, now=time.time())
        elif duration is None:
            raise UsageError(
                f"capacity.level is {fixed} in the settings files; say for how long the hosts follow their load with "
                "--for and --reason, or change it there"
            )
        else:
            wish = Wish(values={CAPACITY_KEY: "auto"}, seconds=seconds_of(duration), actor=actor(), reason=reason)
            changed = set_overrides(ledger, base, wish, time.time())
        show_changed(ledger, changed, as_json=as_json)

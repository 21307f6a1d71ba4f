"""`aip capacity set` and `aip capacity auto`: the level by hand, and back."""

import time
from enum import StrEnum
from typing import Annotated

import typer

from processor.cli import options
from processor.cli.config.outcome import show_changed
from processor.cli.state import actor, command_files
from processor.model.durations import seconds_of
from processor.operations.capacity_level import set_level as put_level


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
    _set(context, str(level), seconds_of(duration), reason, as_json=as_json)


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
    _set(context, "auto", None if duration is None else seconds_of(duration), reason, as_json=as_json)


def _set(context: typer.Context, level: str, seconds: float | None, reason: str, *, as_json: bool) -> None:
    with command_files(context, must_exist=False) as (base, ledger):
        now = time.time()
        changed = put_level(ledger, base, level, seconds=seconds, actor=actor(context), reason=reason, now=now)
        show_changed(ledger, changed, as_json=as_json)

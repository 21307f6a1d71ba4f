"""`aip config set` and `aip config revert`."""

import time
from collections.abc import Sequence
from typing import Annotated

import typer

from processor.cli import options
from processor.cli.completion import offer_changeable
from processor.cli.config.outcome import show_changed
from processor.cli.state import actor, command_files
from processor.errors import UsageError
from processor.model.durations import seconds_of
from processor.operations.setting_changes import Wish, set_overrides, take_back
from processor.settings.keys import full_key, value_of

Pairs = Annotated[
    list[str],
    typer.Argument(
        metavar="KEY VALUE...",
        help="A key as in docs/settings.md and its value; several pairs.",
        autocompletion=offer_changeable,
    ),
]
Keys = Annotated[
    list[str] | None, typer.Argument(metavar="KEY...", help="What to take back.", autocompletion=offer_changeable)
]


def set_values(
    context: typer.Context,
    pairs: Pairs,
    *,
    duration: options.For,
    reason: options.Why,
    as_json: options.Json = False,
) -> None:
    """Change settings for a while, on every host.

    All of them take effect together within seconds, survive restarts, and end by themselves when the time is over. A
    value that does not go with the rest of the settings is refused, and then nothing is changed.

    Example: aip config set gate.minimum_score 60 gate.security_threshold 8 --for 2h --reason "release day"
    """
    values = _values(pairs)
    with command_files(context, must_exist=False) as (base, ledger):
        wish = Wish(values=values, seconds=seconds_of(duration), actor=actor(context), reason=reason)
        changed = set_overrides(ledger, base, wish, time.time())
        show_changed(ledger, changed, as_json=as_json)


def revert(
    context: typer.Context,
    keys: Keys = None,
    *,
    is_all: Annotated[bool, typer.Option("--all", help="Take back everything.")] = False,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Take back what was changed at run time.

    What the settings files say is in force again within seconds.

    Example: aip config revert gate.minimum_score
    """
    if bool(keys) == is_all:
        raise UsageError("name the settings to take back, or take back all with --all")
    wanted = None if is_all else [full_key(key) for key in keys or ()]
    with command_files(context) as (base, ledger):
        changed = take_back(
            ledger, base, wanted, actor=actor(context), reason=reason, now=time.time(), all_or_none=True
        )
        show_changed(ledger, changed, as_json=as_json)


def _values(pairs: Sequence[str]) -> dict[str, object]:
    if len(pairs) % 2:
        raise UsageError(f"{pairs[-1]}: its value is missing; write KEY VALUE, such as gate.minimum_score 60")
    names = [full_key(key) for key in pairs[::2]]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"{', '.join(twice)}: is named twice; say one value")
    return dict(zip(names, map(value_of, pairs[1::2]), strict=True))

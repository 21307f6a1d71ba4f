"""`aip config show` and `aip config diff`."""

import time
from typing import Annotated, Any

import typer

from processor.cli import options, screen, words
from processor.cli.config.outcome import value_text
from processor.cli.state import command_files
from processor.errors import UsageError
from processor.ledger import overrides as ledger_overrides
from processor.ledger.overrides import Override
from processor.operations.overlay import in_force, overlay
from processor.settings.keys import full_key
from processor.settings.load import Loaded
from processor.settings.overriding import differences, leaves, value_at
from processor.settings.places import did_you_mean
from processor.settings.run_time import of_key

Key = Annotated[str | None, typer.Argument(metavar="KEY", help="One key, or the beginning of several.")]


def show(context: typer.Context, key: Key = None, *, as_json: options.Json = False) -> None:
    """Show the settings in force and where each comes from.

    Without a key, every setting that is no default. What cannot be changed at run time says why.

    Example: aip config show gate.minimum_score
    """
    with command_files(context, must_exist=False) as (base, ledger), ledger.read() as db:
        standing = in_force(ledger_overrides.list_overrides(db), time.time())
    laid = overlay(base, standing)
    values = leaves(laid.loaded.settings)
    chosen = _chosen(values, laid.loaded, key)
    rows = [_row(name, values[name], laid.loaded, standing) for name in chosen]
    if as_json:
        screen.print_json({"settings": rows, "left_out": [one.key for one in laid.left_out]})
        return
    screen.print_table(
        ("SETTING", "AT RUN TIME", "FROM", "VALUE"),
        [(row["key"], row["at_run_time"], row["origin"], value_text(row["value"])) for row in rows],
    )
    for one in laid.left_out:
        screen.say(f"{one.key} is overridden in vain: it does not go with the settings files any more", "yellow")


def diff(context: typer.Context, *, as_json: options.Json = False) -> None:
    """Compare what is in force with what the files say.

    Each setting that was changed at run time is shown with both values, who changed it, why, and until when.

    Example: aip config diff
    """
    with command_files(context, must_exist=False) as (base, ledger), ledger.read() as db:
        standing = in_force(ledger_overrides.list_overrides(db), time.time())
    laid = overlay(base, standing).loaded
    now_there = {one.key: one for one in differences(base.settings, laid.settings)}
    rows = [_difference(one, base, is_same=one.key not in now_there) for one in standing]
    if as_json:
        screen.print_json({"differences": rows})
        return
    if not rows:
        screen.say("nothing was changed at run time; the settings files are in force")
    for row in rows:
        screen.say(
            f"{row['key']}: {value_text(row['file'])} -> {value_text(row['value'])} "
            f"until {words.moment(row['expires_at'])}, by {row['set_by']}: {row['reason']}"
        )


def _chosen(values: dict[str, Any], loaded: Loaded, key: str | None) -> list[str]:
    if key is None:
        return [name for name in values if loaded.origin(name).layer != "default"]
    wanted = full_key(key)
    found = [name for name in values if f"{name}.".startswith(f"{wanted}.")]
    if not found:
        remedy = did_you_mean(wanted, values, "docs/settings.md lists every key")
        raise UsageError(f"{key} is no setting; {remedy}")
    return found


def _row(name: str, value: object, loaded: Loaded, standing: tuple[Override, ...]) -> dict[str, Any]:
    origin, rule = loaded.origin(name), of_key(name)
    override = next((one for one in standing if one.key == name), None)
    place = f"{origin.file}:{origin.line}" if origin.line else origin.file or str(origin.layer)
    if override is not None:
        place = f"override by {override.set_by} until {words.moment(override.expires_at)}"
    return {
        "key": name,
        "value": value,
        "origin": place,
        "layer": str(origin.layer),
        "at_run_time": "yes" if rule is None else "restart" if rule.takes_restart else "files",
        "reason": rule.reason if rule else "",
    }


def _difference(one: Override, base: Loaded, *, is_same: bool) -> dict[str, Any]:
    return {
        "key": one.key,
        "file": value_at(base.settings, one.key),
        "value": one.value,
        "set_by": one.set_by,
        "set_at": one.set_at,
        "reason": one.reason,
        "expires_at": one.expires_at,
        "has_effect": not is_same,
    }

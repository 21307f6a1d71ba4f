"""Show the settings in force: each with its value, where it comes from, and whether it changes at run time."""

from collections.abc import Sequence
from typing import Any

from processor.errors import UsageError
from processor.ledger.overrides import Override
from processor.operations.overlay import Overlaid
from processor.settings.keys import full_key
from processor.settings.layers import Layer
from processor.settings.load import Loaded
from processor.settings.overriding import differences, leaves, value_at
from processor.settings.places import did_you_mean
from processor.settings.run_time import of_key


def settings_view(laid: Overlaid, standing: Sequence[Override], key: str | None) -> dict[str, Any]:
    """List every setting that is no default, or those that `key` names.

    Raises:
        UsageError: no setting has this key.
    """
    values = leaves(laid.loaded.settings)
    laid_on = [one for one in standing if one not in laid.left_out]
    return {
        "settings": [_row(name, values[name], laid.loaded, laid_on) for name in _chosen(values, laid.loaded, key)],
        "left_out": [one.key for one in laid.left_out],
    }


def differences_view(base: Loaded, laid: Overlaid, standing: Sequence[Override]) -> list[dict[str, Any]]:
    """List what was changed at run time, with the value of the files, who, why and until when."""
    with_effect = {one.key for one in differences(base.settings, laid.loaded.settings)}
    return [
        {
            "key": one.key,
            "file": value_at(base.settings, one.key),
            "value": one.value,
            "set_by": one.set_by,
            "set_at": one.set_at,
            "reason": one.reason,
            "expires_at": one.expires_at,
            "has_effect": one.key in with_effect,
        }
        for one in standing
    ]


def require_key(loaded: Loaded, key: str) -> None:
    """See that a key names a setting, or the beginning of several.

    Raises:
        UsageError: no setting has this key.
    """
    _found(leaves(loaded.settings), key)


def _chosen(values: dict[str, Any], loaded: Loaded, key: str | None) -> list[str]:
    if key is None:
        return [name for name in values if loaded.origin(name).layer != Layer.DEFAULT]
    return _found(values, key)


def _found(values: dict[str, Any], key: str) -> list[str]:
    wanted = full_key(key)
    found = [name for name in values if f"{name}.".startswith(f"{wanted}.")]
    if not found:
        raise UsageError(f"{key} is no setting; {did_you_mean(wanted, values, 'docs/settings.md lists every key')}")
    return found


def _row(name: str, value: object, loaded: Loaded, standing: Sequence[Override]) -> dict[str, Any]:
    origin, rule = loaded.origin(name), of_key(name)
    override = next((one for one in standing if one.key == name), None)
    return {
        "key": name,
        "value": value,
        "layer": str(origin.layer),
        "file": origin.file or None,
        "line": origin.line,
        "at_run_time": "yes" if rule is None else "restart" if rule.takes_restart else "files",
        "why_not": rule.reason if rule else None,
        "set_by": override.set_by if override else None,
        "expires_at": override.expires_at if override else None,
    }

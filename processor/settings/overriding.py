"""Lay run-time overrides on settings that are valid alone, and check the whole once more."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from processor.errors import Fault, SettingsError
from processor.logs.redaction import MASK, has_token
from processor.settings import validation
from processor.settings.complaint import Complaint, Known
from processor.settings.consistency import complaints
from processor.settings.layers import Layer, Origin, Stack
from processor.settings.load import Loaded
from processor.settings.places import KeyPath, Place, dotted, shown
from processor.settings.run_time import of_key
from processor.settings.sections import Settings

_SOURCE = "override"


def override(loaded: Loaded, overrides: Mapping[str, object]) -> Loaded:
    """Give the settings with the overrides on top; keys are such as `gate.minimum_score`.

    Raises:
        SettingsError: an override is wrong, may not be made at run time, or does not go with the rest.
    """
    if not overrides:
        return loaded
    clean = validation.validate(Settings, _nested(overrides), _in_overrides)
    told = {fault.key for fault in clean.faults}
    refused = [fault for key, value in overrides.items() if key not in told for fault in _refusals(key, value)]
    if faults := [*clean.faults, *refused]:
        # What is missing beside a key that was named is no remedy for that one.
        raise SettingsError([fault for fault in faults if fault.key.startswith(tuple(overrides))] or faults)
    stack = Stack(loaded.settings.model_dump(exclude_unset=True))
    stack.lay(Layer.OVERRIDE, clean.data, clean.locate)
    above = Loaded(loaded.settings, {**loaded.origins, **_origins(overrides)})
    return Loaded(_checked(stack.data, above), above.origins)


def replace_keys(loaded: Loaded, values: Mapping[str, object]) -> Loaded:
    """Give the settings with some keys as they were in others that were valid; a value may be a whole section.

    Raises:
        SettingsError: the mixture does not go together.
    """
    data = loaded.settings.model_dump(exclude_unset=True)
    for key, value in values.items():
        *parents, last = key.split(".")
        here = data
        for part in parents:
            here = here.setdefault(part, {})
        here[last] = value
    return Loaded(_checked(data, loaded), loaded.origins)


def value_at(settings: Settings, key: str) -> Any:
    """Read a setting as plain JSON data; None where the key names nothing, such as a retry that is not set."""
    here: Any = settings.model_dump(mode="json")
    for part in key.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return None
        here = here[part]
    return here


def leaves(settings: Settings) -> dict[str, Any]:
    """List every setting with its value, in the order of the models; a list is one value."""
    return dict(_leaves(settings.model_dump(mode="json"), ()))


def _leaves(value: Any, path: KeyPath) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _leaves(below, (*path, key))
    else:
        yield dotted(path), value


@dataclass(frozen=True)
class Difference:
    """A setting that is not the same in two settings."""

    key: str
    before: object
    after: object


def differences(before: Settings, after: Settings) -> tuple[Difference, ...]:
    """List the keys whose values differ, in the order of the models; a list is one value."""
    return tuple(_differing(before.model_dump(mode="json"), after.model_dump(mode="json"), ()))


def _differing(before: Any, after: Any, path: KeyPath) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _differing(before.get(key), after.get(key), (*path, key))
        return
    yield Difference(dotted(path), before, after)


def _checked(data: dict[str, Any], loaded: Loaded) -> Settings:
    whole = validation.validate(Settings, data, _in_overrides)
    settings = Settings.model_validate(whole.data)
    faults = [*whole.faults, *(_fault(complaint, loaded) for complaint in complaints(settings, _known(settings)))]
    if faults:
        raise SettingsError(faults)
    return settings


def _fault(complaint: Complaint, loaded: Loaded) -> Fault:
    origin = loaded.origin(dotted(complaint.path))
    if complaint.against and not origin.file:
        origin = loaded.origin(dotted(complaint.against))
    return Fault(
        origin.file or _SOURCE, origin.line, dotted(complaint.path[1:]), complaint.value, complaint.problem,
        complaint.remedy,
    )  # fmt: skip


def _refusals(key: str, value: object) -> Iterator[Fault]:
    rule = of_key(key)
    if rule is not None:
        yield Fault(_SOURCE, None, key, "", f"cannot be changed at run time, because {rule.reason}", rule.remedy)
    elif value is None:
        yield Fault(_SOURCE, None, key, "", "is nothing", "name a value")
    elif has_token(json.dumps(value)):
        yield Fault(_SOURCE, None, key, MASK, "looks like a secret", "revoke it, and keep the new one in a file")
    elif isinstance(value, Mapping):
        yield Fault(_SOURCE, None, key, shown(value), "is a whole section", "name one key below it")


def _known(settings: Settings) -> Known:
    return Known(
        agents=frozenset(settings.main.agents),
        repositories=frozenset(repository.name for repository in settings.main.served),
    )


def _origins(overrides: Mapping[str, object]) -> dict[str, tuple[Origin, ...]]:
    return {key: (Origin(Layer.OVERRIDE, _SOURCE),) for key in overrides}


def _nested(overrides: Mapping[str, object]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in overrides.items():
        *parents, last = key.split(".")
        here = data
        for part in parents:
            below = here.get(part)
            here[part] = here = below if isinstance(below, dict) else {}
        here[last] = value
    return data


def _in_overrides(path: KeyPath) -> Place:
    return Place(_SOURCE, None, dotted(path))

"""Choose the checks that hold for one repository: the general ones, overlaid with its own."""

from collections.abc import Mapping
from typing import Any

from processor.settings.sections import BuiltInChecks, CommandCheck, GateFile, RepositoryGate


def built_in_checks(gate: GateFile, repository: str) -> BuiltInChecks:
    """Lay the keys that a repository gives over the general ones; what it leaves out stays as it is."""
    own = _own(gate, repository)
    if own is None or own.built_in is None:
        return gate.built_in
    return BuiltInChecks.model_validate(
        _overlaid(gate.built_in.model_dump(), own.built_in.model_dump(exclude_unset=True))
    )


def command_checks(gate: GateFile, repository: str) -> tuple[CommandCheck, ...]:
    """Give the general checks, then the repository's own; one of the same name takes the general one's place."""
    own = _own(gate, repository)
    checks = {check.name: check for check in gate.checks}
    checks |= {check.name: check for check in (own.checks if own else ())}
    return tuple(checks.values())


def _own(gate: GateFile, repository: str) -> RepositoryGate | None:
    return next((own for name, own in gate.repositories.items() if name.lower() == repository.lower()), None)


def _overlaid(general: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(general)
    for key, value in own.items():
        merged[key] = _overlaid(merged[key], value) if isinstance(value, Mapping) else value
    return merged

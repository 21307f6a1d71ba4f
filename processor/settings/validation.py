"""Hold data against a section of the settings: every fault with its place and remedy, and what is left without them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from processor.errors import Fault
from processor.logs.redaction import MASK
from processor.settings import schema
from processor.settings.places import KeyPath, Locate, did_you_mean, shown
from processor.settings.pruning import Data, Pruned, has
from processor.settings.sections import Section

SECRET_KEY = re.compile(
    r"(token|passw(or)?d|passphrase|secret|api[_-]?key|private[_-]?key|access[_-]?key)$", re.IGNORECASE
)
_KEY_MARK = "[key]"
_PROBLEMS = {
    "missing": "is missing",
    "literal_error": "is not one of the choices",
    "enum": "is not one of the choices",
    "union_tag_invalid": "is not one of the choices",
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    "less_than": "is too large",
    "less_than_equal": "is too large",
    "finite_number": "is not a finite number",
    "string_pattern_mismatch": "has the wrong form",
    "string_too_short": "is empty",
    "too_short": "is empty",
}


@dataclass(frozen=True)
class Checked:
    """The data without what is at fault, so that it can be looked at further, and where in the file it stands.

    `faults` are in the order of the keys in the model.
    """

    data: Data
    faults: list[Fault]
    locate: Locate


def validate(model: type[Section], data: Data, locate: Locate) -> Checked:
    """Check `data` against a model."""
    errors = _errors(model, data)
    faults = [_fault(model, data, error, locate) for error in _without_echoes(data, errors)]
    rest = Pruned(data)
    while errors:
        rest.prune([_path(rest.data, error) for error in errors])
        errors = _errors(model, rest.data)
    return Checked(rest.data, faults, lambda path: locate(rest.original(path)))


def _errors(model: type[Section], data: Data) -> list[ErrorDetails]:
    try:
        model.model_validate(data)
    except ValidationError as exc:
        return exc.errors(include_url=False)
    return []


def _without_echoes(data: Data, errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Drop what pydantic says of the other forms of a value when it has found the fault inside one form."""
    by_path: dict[KeyPath, ErrorDetails] = {}
    for error in errors:
        by_path.setdefault(_path(data, error), error)
    return [
        error
        for path, error in by_path.items()
        if not any(len(other) > len(path) and other[: len(path)] == path for other in by_path)
        or error["type"] == "extra_forbidden"
        or error["loc"][-1] == _KEY_MARK
    ]


def _path(data: Data, error: ErrorDetails) -> KeyPath:
    """Translate pydantic's location, which also names forms of a union, to the path in the data."""
    path: list[str | int] = []
    here: Any = data
    for part in error["loc"]:
        if has(here, part):
            path.append(part)
            here = here[part]
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    if error["type"].startswith("union_tag"):
        path.append("kind")
    return tuple(path)


def _fault(model: type[Section], data: Data, error: ErrorDetails, locate: Locate) -> Fault:
    path = _path(data, error)
    place = locate(path)
    if error["type"] == "extra_forbidden":
        return _unknown_key(model, path, locate, error)
    if error["loc"][-1] == _KEY_MARK:
        remedy = f"use {schema.key_expectation(model, path[:-1])}"
        remedy = did_you_mean(str(path[-1]), schema.known_keys(model, path[:-1]), remedy)
        return Fault(place.file, place.line, place.key, "", "this key is not allowed", remedy)
    kind = "missing" if error["type"] == "union_tag_not_found" else error["type"]
    value = "" if kind == "missing" else shown(error["input"] if kind != "union_tag_invalid" else error["ctx"]["tag"])
    if kind == "value_error":
        return Fault(place.file, place.line, place.key, value, str(error["ctx"]["error"]), "take it out")
    problem = _PROBLEMS.get(kind) or f"is {_kind_of(error['input'])}"
    return Fault(place.file, place.line, place.key, value, problem, _remedy(model, path, error, kind))


def _remedy(model: type[Section], path: KeyPath, error: ErrorDetails, kind: str) -> str:
    what = schema.expectation(model, path)
    if kind == "missing":
        return f"add it: {what}"
    return did_you_mean(str(error["input"]), schema.choices(model, path), f"use {what}")


def _unknown_key(model: type[Section], path: KeyPath, locate: Locate, error: ErrorDetails) -> Fault:
    place = locate(path)
    key = str(path[-1])
    if SECRET_KEY.search(key):
        remedy = "take it out, revoke it, and keep the new one in a file or a variable (docs/settings.md, Secrets)"
        return Fault(place.file, place.line, place.key, MASK, "looks like a secret", remedy)
    # Where a value has several kinds, pydantic's location names the kind besides the keys.
    known = schema.known_keys(model, path[:-1], kinds={str(part) for part in error["loc"] if part not in path})
    otherwise = f"take it out, or use one of {', '.join(known)}"
    return Fault(place.file, place.line, place.key, "", "is no known key", did_you_mean(key, known, otherwise))


def _kind_of(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return "a number with a fraction"
    kinds = {bool: "true or false", int: "a number", str: "text", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def names_of(data: Mapping[str, Any], key: str, item_key: str | None = None) -> set[str]:
    """List the names under a key of a file as written, faulty ones included: keys of a mapping, or a field of items."""
    value = data.get(key)
    if isinstance(value, Mapping):
        return set(value)
    items = value if isinstance(value, list) else []
    return {str(item.get(item_key)) for item in items if isinstance(item, Mapping)}

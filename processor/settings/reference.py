"""List every setting for docs/settings.md, from the models: key, what it takes, default, unit, meaning, variable."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from processor.settings import schema
from processor.settings.places import KeyPath, dotted
from processor.settings.sections import Section
from processor.settings.variables import variable_of

_UNITS = {"seconds": "s", "timeout": "s", "bytes": "bytes", "lines": "lines", "files": "files"}


@dataclass(frozen=True)
class Entry:
    """One key. `default` is empty for a key that must be given, `variable` for one that no variable sets."""

    key: str
    takes: str
    default: str
    unit: str
    meaning: str
    variable: str


def entries(model: type[Section], part: str) -> list[Entry]:
    """List the keys of a file in the order of its model; `part` is its field in `Settings`."""
    defaults = model().model_dump(mode="json")
    return list(_Walk(schema.schema_of(model), part).section(schema.schema_of(model), (), defaults))


class _Walk:
    """Goes through a JSON schema beside the default values; what several keys have in common is listed once."""

    def __init__(self, root: schema.Node, part: str) -> None:
        self._root = root
        self._part = part
        self._listed: set[str] = set()

    def section(self, node: schema.Node, path: KeyPath, defaults: Mapping[str, Any]) -> Iterator[Entry]:
        """Take the keys of a mapping whose keys are known."""
        self._listed.add(node["title"])
        for key, child in node["properties"].items():
            forms = list(schema.variants(self._root, child))
            default = defaults.get(key, child.get("default"))
            if "properties" in forms[0] and not _is_optional(child):
                yield from self.section(forms[0], (*path, key), default or {})
                continue
            is_required = key in node.get("required", ())
            yield self._entry(child, (*path, key), "" if is_required else _text(default, forms))
            for form in forms:
                yield from self._inside(form, (*path, key), default)

    def _inside(self, form: schema.Node, path: KeyPath, default: object) -> Iterator[Entry]:
        if "properties" in form:
            yield from self._once(form, path)
        for child, below in _members(form, path):
            for variant in schema.variants(self._root, child):
                if "properties" in variant:
                    kind = variant["properties"].get("kind", {}).get("const")
                    yield from self._once(variant, _with_kind(below, kind))
                    yield from self._named_defaults(variant, path, default)

    def _once(self, node: schema.Node, path: KeyPath) -> Iterator[Entry]:
        if node["title"] not in self._listed:
            yield from self.section(node, path, {})

    def _named_defaults(self, node: schema.Node, path: KeyPath, default: object) -> Iterator[Entry]:
        """List where a named item, such as the retries of one error type, has defaults of its own."""
        for name, item in default.items() if isinstance(default, Mapping) else ():
            for key, child in node["properties"].items():
                if isinstance(item, Mapping) and item.get(key) != child.get("default"):
                    forms = list(schema.variants(self._root, child))
                    yield self._entry(child, (*path, name, key), _text(item.get(key), forms))

    def _entry(self, node: schema.Node, path: KeyPath, default: str) -> Entry:
        forms = list(schema.variants(self._root, node))
        words = dict.fromkeys(schema.describe(self._root, form) for form in forms)
        return Entry(
            key=dotted(path),
            takes=" or ".join(sorted(words, key=lambda form: form.startswith("a list"))),
            default=default,
            unit=_unit(str(path[-1])),
            meaning=str(node.get("description", "")),
            variable=variable_of((self._part, *path)),
        )


def _members(form: schema.Node, path: KeyPath) -> Iterator[tuple[schema.Node, KeyPath]]:
    if "items" in form:
        yield form["items"], (*path[:-1], f"{path[-1]}[]")
    for pattern in form.get("patternProperties", {}).values():
        yield pattern, (*path, "NAME")
    if isinstance(form.get("additionalProperties"), Mapping):
        yield form["additionalProperties"], (*path, "NAME")


def _with_kind(path: KeyPath, kind: str | None) -> KeyPath:
    return path if kind is None else (*path[:-1], f"{path[-1]} ({kind})")


def _is_optional(node: schema.Node) -> bool:
    return any(form.get("type") == "null" for form in node.get("anyOf", ()))


def _text(default: object, forms: list[schema.Node]) -> str:
    if isinstance(default, Mapping) and any(isinstance(value, Mapping) for value in default.values()):
        return "see below"
    if default is None:
        return "{}" if forms[0].get("type") == "object" and "properties" not in forms[0] else "none"
    if isinstance(default, float) and default.is_integer():
        return str(int(default))
    return default if isinstance(default, str) else json.dumps(default, ensure_ascii=False)


def _unit(key: str) -> str:
    return _UNITS.get(key.rpartition("_")[2], "s" if key.startswith("seconds_") else "")

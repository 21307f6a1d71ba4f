"""Say in words what a setting takes, from the models' own JSON schema."""

import functools
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from processor.settings.places import KeyPath
from processor.settings.sections import Section

Node = Mapping[str, Any]


@functools.cache
def schema_of(model: type[Section]) -> Node:
    """Give the JSON schema of a model."""
    return model.model_json_schema()


def expectation(model: type[Section], path: KeyPath) -> str:
    """Say what the key at `path` takes, such as `a whole number from 1 to 64`; empty when there is no such key."""
    root = schema_of(model)
    forms = dict.fromkeys(describe(root, node) for node in nodes_at(root, path))
    return " or ".join(sorted(forms, key=lambda form: form.startswith("a list")))


def key_expectation(model: type[Section], path: KeyPath) -> str:
    """Say what the keys of the mapping at `path` must be."""
    root = schema_of(model)
    return " or ".join(describe(root, key) for node in nodes_at(root, path) for key in _key_nodes(node))


def known_keys(model: type[Section], path: KeyPath, kinds: Collection[str] = ()) -> list[str]:
    """List the keys that the mapping at `path` may have; empty when it takes any.

    `kinds`, when given, leaves out the forms whose key `kind` is another.
    """
    root = schema_of(model)
    keys: list[str] = []
    for node in nodes_at(root, path):
        kind = node.get("properties", {}).get("kind", {}).get("const")
        if kinds and kind and kind not in kinds:
            continue
        keys.extend(node.get("properties", {}))
        keys.extend(key for names in _key_nodes(node) for key in _variant(root, names).get("enum", []))
    return list(dict.fromkeys(keys))


def choices(model: type[Section], path: KeyPath) -> list[str]:
    """List the words that the key at `path` takes; empty when it is no choice between words."""
    root = schema_of(model)
    found = [choice for node in nodes_at(root, path) for choice in _choices(node)]
    return [choice for choice in found if isinstance(choice, str)]


def nodes_at(root: Node, path: KeyPath) -> list[Node]:
    """Find what may stand at a path; several where the settings take one of several forms."""
    here = list(variants(root, root))
    for part in path:
        below = [child for node in here for child in _children(node, part)]
        here = [variant for child in below for variant in variants(root, child)]
    return here


def variants(root: Node, node: Node) -> Iterator[Node]:
    """Resolve references, and give every form that a node may take except nothing at all."""
    node = _variant(root, node)
    forms = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    if forms:
        # pydantic writes the examples of `X | None` beside the forms, not into them.
        examples = {"examples": node["examples"]} if "examples" in node else {}
        for form in forms:
            yield from variants(root, {**form, **examples})
    elif node.get("type") != "null":
        yield node


def describe(root: Node, node: Node) -> str:
    """Say in words what one form of a setting takes."""
    node = _variant(root, node)
    if words := _choices(node):
        return str(words[0]) if len(words) == 1 else f"one of {', '.join(map(str, words))}"
    kind = node.get("type")
    if kind == "array":
        items = " or ".join(describe(root, form) for form in variants(root, node.get("items", {})))
        return f"a list, each item {items}"
    if kind in {"integer", "number"}:
        return ("a whole number" if kind == "integer" else "a number") + _bounds(node)
    if kind == "string" or "examples" in node:
        return _text(node)
    return {"boolean": "true or false", "object": "a mapping"}.get(str(kind), "a value")


def _variant(root: Node, node: Node) -> Node:
    if "$ref" not in node:
        return node
    target = root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def _children(node: Node, part: str | int) -> Iterator[Node]:
    if isinstance(part, int):
        yield from (node["items"],) if "items" in node else ()
    elif part in node.get("properties", {}):
        yield node["properties"][part]
    else:
        yield from node.get("patternProperties", {}).values()
        if isinstance(node.get("additionalProperties"), Mapping):
            yield node["additionalProperties"]


def _key_nodes(node: Node) -> Iterator[Node]:
    if "propertyNames" in node:
        yield node["propertyNames"]


def _choices(node: Node) -> list[Any]:
    return [node["const"]] if "const" in node else list(node.get("enum", ()))


def _text(node: Node) -> str:
    if node.get("format") == "path":
        return "a path"
    if examples := node.get("examples"):
        return f"text such as {examples[0]}"
    return "text"


def _bounds(node: Node) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    if low is not None:
        return f" of at least {low:g}"
    if "exclusiveMinimum" in node:
        return f" above {node['exclusiveMinimum']:g}"
    return ""

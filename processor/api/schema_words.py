"""Say a JSON Schema of the OpenAPI description in a few words of HTML. Pure; everything is escaped."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

Schema = Mapping[str, Any]
_NAMES = {"integer": "integer", "number": "number", "string": "text", "boolean": "true or false", "null": "null"}
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
_LENGTHS = {"minLength": "at least", "maxLength": "at most"}


def in_words(schema: Schema) -> str:
    """Tell what a value is: its type, the values it may have, or the object it is, as a link."""
    if "$ref" in schema:
        return link(str(schema["$ref"]).rpartition("/")[2])
    if "enum" in schema or "const" in schema:
        return ", ".join(f"<code>{escape(str(one))}</code>" for one in schema.get("enum", [schema.get("const")]))
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(in_words(one) for one in several)
    if schema.get("type") == "array":
        return f"list of {in_words(schema.get('items', {}))}"
    if schema.get("type") == "object":
        return _object(schema)
    return _plain(schema)


def link(name: str) -> str:
    """Lead to where an object is described."""
    return f'<a href="#{escape(name)}">{escape(name)}</a>'


def properties(schema: Schema) -> Iterable[tuple[str, str, str, str]]:
    """Give every key of an object with what it is, what it means, and an example; text is HTML."""
    required = schema.get("required", [])
    for name, about in schema.get("properties", {}).items():
        default = "" if name in required or "default" not in about else f"; else {_code(about['default'])}"
        example = _code(about["examples"][0]) if about.get("examples") else ""
        yield f"<code>{escape(name)}</code>", in_words(about) + default, escape(about.get("description", "")), example


def _object(schema: Schema) -> str:
    patterns = list(schema.get("patternProperties", {}).values())
    of_each = patterns[0] if patterns else schema.get("additionalProperties")
    return f"object of {in_words(of_each)} by name" if isinstance(of_each, dict) else "object"


def _plain(schema: Schema) -> str:
    name = _NAMES.get(str(schema.get("type")), "any JSON value")
    told = [str(schema["format"])] if "format" in schema else []
    told += [f"{sign} {schema[key]}" for key, sign in _BOUNDS.items() if key in schema]
    told += [f"{word} {schema[key]} characters" for key, word in _LENGTHS.items() if key in schema]
    return f"{name} ({', '.join(map(escape, told))})" if told else name


def _code(value: object) -> str:
    return f"<code>{escape(json.dumps(value, ensure_ascii=False))}</code>"

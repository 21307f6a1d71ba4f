"""Settings as an operator writes and reads them: `gate.minimum_score`, or `minimum_score` as its file has it."""

import json

import yaml

from processor.errors import UsageError
from processor.settings.load import FILES
from processor.settings.plain_yaml import PlainLoader


def full_key(name: str) -> str:
    """Complete a key with the part of the settings that it belongs to; one that is unknown is given back as it is."""
    parts = dict(FILES.values())
    first = name.partition(".")[0]
    if first in parts:
        return name
    owner = next((part for part, model in parts.items() if first in model.model_fields), None)
    return name if owner is None else f"{owner}.{name}"


def value_of(text: str) -> object:
    """Read a value as a settings file would: a number, true or false, a word, a list in brackets.

    Raises:
        UsageError: the text is no YAML value.
    """
    try:
        value = yaml.load(text, PlainLoader)  # noqa: S506  # a SafeLoader
        json.dumps(value)  # a list may hold itself
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as exc:
        raise UsageError(f"{text!r} is no value; write it as in a settings file, such as 60, true or [a, b]") from exc
    return value


def value_text(value: object) -> str:
    """Write a value as a settings file would have it; whole numbers without their `.0`."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""Name a setting by its path, and say where a layer of the settings gives it."""

import difflib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from processor.logs.redaction import PROCESS_REDACTOR

KeyPath = tuple[str | int, ...]
_LONGEST_VALUE = 80


@dataclass(frozen=True)
class Place:
    """Where a setting stands. `line` is 1-based; None for a variable, an override or a default."""

    file: str
    line: int | None
    key: str


Locate = Callable[[KeyPath], Place]


def dotted(path: KeyPath) -> str:
    """Write a path as an operator reads it: `repositories[0].agent`."""
    text = ""
    for part in path:
        name = json.dumps(part) if isinstance(part, str) and not part.isprintable() else part
        text += f"[{part}]" if isinstance(part, int) else f".{name}" if text else str(name)
    return PROCESS_REDACTOR.redact(text)


def shown(value: object) -> str:
    """Write a wrong value on one line, without secrets; lists and mappings are not spelt out."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    text = PROCESS_REDACTOR.redact(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def did_you_mean(wrong: str, known: Iterable[str], otherwise: str, prefix: str = "") -> str:
    """Suggest the known word that is most like the wrong one (shown after `prefix`), or give the other advice."""
    by_lower_case = {word.lower(): word for word in sorted(known)}
    longer = [word for word in by_lower_case if len(wrong) > 2 and word.startswith(wrong.lower())]
    near = longer or difflib.get_close_matches(wrong.lower(), by_lower_case, n=1, cutoff=0.6)
    return f"did you mean {prefix}{by_lower_case[near[0]]}?" if near else otherwise

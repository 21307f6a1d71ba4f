"""The words of the checklists in both languages, from `texts/*.yml`, and evidence as each language writes it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from processor.checklists.document import Language
from processor.checklists.verdict import Evidence, Verdict
from processor.reports.words import Words as Numbers

_KILO = 1000
_SIZES = ("B", "kB", "MB", "GB", "TB")


@cache
def texts() -> dict[str, Any]:
    """Give all texts, nested as they are written; the innermost maps have the languages as keys."""
    folder = resources.files("processor.checklists") / "texts"
    return {name: yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8")) for name in ("items", "page")}


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: Language

    def __call__(self, *path: str) -> str:
        """Give a text; KeyError when it is not written."""
        found: Any = texts()
        for key in (*path, self.language):
            found = found[key]
        return str(found)

    def evidence(self, one: Evidence, zone: ZoneInfo) -> str:
        """Write a piece of evidence with its limit, such as `CPU 12% (limit 70%)`."""
        named = self("page", "evidence", one.name)
        whose = f" ({one.of})" if one.of else ""
        limit = ""
        if one.limit is not None:
            kind = "at_least" if one.is_least else "at_most"
            limit = self("page", kind).format(limit=self._value(one.limit, one.unit, zone))
        return f"{named}{whose}: {self._value(one.value, one.unit, zone)}{limit}"

    def why(self, verdict: Verdict) -> str:
        """Say why an item is as it is, in one line; what errors say is English, as everywhere."""
        said = [self("page", "reasons", one.name).format(**one.values) for one in verdict.reasons]
        return self("page", "between").join([*said, *([verdict.error] if verdict.error else [])])

    def _value(self, value: float | str | None, unit: str, zone: ZoneInfo) -> str:
        numbers = Numbers(self.language)
        if isinstance(value, str):
            said = texts()["page"]["values"].get(value)
            return value if said is None else str(said[self.language])
        if unit == "moment":
            if value is None:
                return self("page", "unknown")
            return f"{datetime.fromtimestamp(value, zone):%Y-%m-%d %H:%M}"
        if unit == "bytes":
            return self("page", "unknown") if value is None else _size(value)
        return str(getattr(numbers, unit)(value))


def _size(value: float) -> str:
    for unit in _SIZES[:-1]:
        if value < _KILO:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= _KILO
    return f"{value:.1f} {_SIZES[-1]}"

"""The words of the reports in both languages, from `texts/*.yml`, and numbers as each language writes them."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from processor.reports.document_parts import Language

LANGUAGES: tuple[Language, ...] = ("en", "ja")
_MINUTE, _HOUR = 60, 3600


@cache
def texts() -> dict[str, Any]:
    """Give all texts, nested as they are written; the innermost maps have the languages as keys."""
    folder = resources.files("processor.reports") / "texts"
    return {name: yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8")) for name in ("page", "rules")}


@dataclass(frozen=True)
class Words(string.Formatter):
    """The words of one language.

    Texts may hold numbers by name with the way to write them: `{rate:percent}`, `{mean:seconds}`, `{spent:dollars}`.
    """

    language: Language

    def __call__(self, *path: str) -> str:
        """Give a text of the page; KeyError when it is not written."""
        return self._find("page", *path)

    def filled(self, numbers: Mapping[str, Any], *path: str) -> str:
        """Give a text with its numbers."""
        return self.vformat(self._find(*path), (), dict(numbers))

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write a number as its unit asks."""
        if format_spec in {"percent", "seconds", "dollars", "count"}:
            return str(getattr(self, format_spec)(value))
        if format_spec:
            return self(format_spec, str(value))
        return str(super().format_field(value, ""))

    def percent(self, value: float | None) -> str:
        """Write a share that is given in percent."""
        return self("no_data") if value is None else f"{_short(value)}%"

    def seconds(self, value: float | None) -> str:
        """Write a length of time with two units at most."""
        if value is None:
            return self("no_data")
        whole = round(value)
        if whole < _MINUTE:
            return self._units((_short(value), "seconds"))
        if whole < _HOUR:
            return self._units((str(whole // _MINUTE), "minutes"), (f"{whole % _MINUTE}", "seconds"))
        return self._units((f"{whole // _HOUR:,}", "hours"), (f"{whole % _HOUR // _MINUTE}", "minutes"))

    def dollars(self, value: float | None) -> str:
        """Write an amount of money."""
        return self("unknown") if value is None else f"${value:,.2f}"

    def count(self, value: float | None) -> str:
        """Write a whole number, or a mean with a tenth."""
        if value is None:
            return self("unknown")
        return f"{value:,.1f}" if isinstance(value, float) and not value.is_integer() else f"{value:,.0f}"

    def _units(self, *parts: tuple[str, str]) -> str:
        between = " " if self.language == "en" else ""
        return between.join(f"{number}{between}{self('units', unit)}" for number, unit in parts if number != "0") or (
            f"0{between}{self('units', 'seconds')}"
        )

    def _find(self, *path: str) -> str:
        found: Any = texts()
        for key in (*path, self.language):
            if key not in found:
                raise KeyError(f"processor/reports/texts has no {'.'.join((*path, self.language))}; write it there")
            found = found[key]
        return str(found)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

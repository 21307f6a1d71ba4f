"""The words of the pages that are written from the code, in both languages, from `texts/`.

`NAME.en.md` and `NAME.ja.md` hold what stands around the tables of a page; `NAME.ja.yml` gives the Japanese of each
English text that the tables take from the code, and the patterns of those that have values in them.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "ja")
_TEXTS = Path(__file__).parent / "texts"
_DOCS = Path(__file__).resolve().parent.parent / "docs"


class Texts:
    """The words of one page in one language. In English each text stands for itself."""

    def __init__(self, page: str, language: str) -> None:
        self.page = page
        self.language = language
        self._words: dict[str, Any] = {} if language == "en" else _read(f"{page}.{language}.yml")
        self._used: set[str] = set()
        self._missing: dict[str, None] = {}

    @property
    def path(self) -> Path:
        """Where the page lies."""
        return (_DOCS if self.language == "en" else _DOCS / self.language) / f"{self.page}.md"

    @property
    def frame(self) -> str:
        """What stands around the tables, with `{name}` where they go."""
        return (_TEXTS / f"{self.page}.{self.language}.md").read_text(encoding="utf-8")

    def __call__(self, english: str) -> str:
        """Give a text in the language of the page, and remember it when it is not written there."""
        if self.language == "en" or not english:
            return english
        found = self._exact(english) or self._by_pattern(english)
        if found is None:
            self._missing[english] = None
        return found or english

    def faults(self) -> list[str]:
        """Name the texts that are not written in this language, and those that are written and not shown."""
        file = f"scripts/texts/{self.page}.{self.language}.yml"
        idle = self._words.get("words", {}).keys() - self._used
        return [
            *(f"{file} has no words for {text!r}; write them there" for text in self._missing),
            *(f"{file} has words for {text!r}, which the page does not show; delete them" for text in sorted(idle)),
        ]

    def _exact(self, english: str) -> str | None:
        self._used.add(english)
        found = self._words.get("words", {}).get(english)
        return None if found is None else str(found)

    def _by_pattern(self, english: str) -> str | None:
        """Fill in the values of the first pattern that fits; a value may be a text with a pattern of its own."""
        for pattern, form in self._words.get("patterns", {}).items():
            if match := re.fullmatch(pattern, english):
                return str(form).format(*(self._by_pattern(value) or value for value in match.groups()))
        return None


def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_TEXTS / name).read_text(encoding="utf-8")))


def keep_up(pages: Iterable[tuple[Texts, str]], script: str) -> int:
    """Write the pages, or with `--check` only tell which are out of date; 1 when one is, or a text is not written."""
    made = list(pages)
    faults = [fault for texts, _ in made for fault in texts.faults()]
    for texts, text in made if not faults else ():
        if "--check" not in sys.argv[1:]:
            texts.path.write_text(text, encoding="utf-8")
        elif not texts.path.exists() or texts.path.read_text(encoding="utf-8") != text:
            faults.append(f"{texts.path.relative_to(_DOCS)} is out of date; run scripts/{script}")
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)  # noqa: T201
    return 1 if faults else 0

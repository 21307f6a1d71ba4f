"""The words of the dashboards in both languages, from `texts/*.yml`: one file a dashboard, and one that all share."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "ja")
TEXTS = Path(__file__).parent / "texts"


@cache
def read(name: str) -> dict[str, Any]:
    """Give the texts of one file, nested as they are written; the innermost maps have the languages as keys."""
    return dict(yaml.safe_load((TEXTS / f"{name}.yml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Words:
    """The words of one dashboard in one language."""

    board: str
    language: str

    def __call__(self, *path: str) -> str:
        """Give a text of this dashboard; KeyError when it is not written."""
        return self._find(self.board, path)

    def shared(self, *path: str) -> str:
        """Give a text that all dashboards share; KeyError when it is not written."""
        return self._find("shared", path)

    def uid(self, board: str) -> str:
        """Give the stable address of a dashboard in this language: alerts link to the English one."""
        return f"aip-{board}" if self.language == "en" else f"aip-{board}-{self.language}"

    def _find(self, name: str, path: tuple[str, ...]) -> str:
        found: Any = read(name)
        for key in (*path, self.language):
            if key not in found:
                raise KeyError(f"texts/{name}.yml has no {'.'.join((*path, self.language))}; write it there")
            found = found[key]
        return str(found)

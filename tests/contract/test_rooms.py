"""The table of rooms in docs/architecture.md is the tree: every room, and what it says of imports."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = sorted(
    entry.stem
    for entry in (ROOT / "processor").iterdir()
    if entry.stem != "__init__" and (entry.suffix == ".py" or (entry / "__init__.py").exists())
)


each_page = pytest.mark.parametrize(
    ("page", "heading"), [("architecture.md", "Rooms"), ("ja/architecture.md", "部屋")], ids=["en", "ja"]
)


def rows(page: str, heading: str) -> dict[str, set[str]]:
    """Read the table: each room with the rooms that it is said to import among others."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    table = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| (`.*?) \|.*\| (.*?) \|$", table, re.MULTILINE)
    return {
        name: set(re.findall(r"`(\w+)`", imported))
        for names, imported in found
        for name in re.findall(r"`(\w+)`", names)
    }


@cache
def imported(room: str) -> set[str]:
    """Find the rooms that a room imports."""
    place = ROOT / "processor" / room
    files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    text = "\n".join(ast.unparse(ast.parse(file.read_text(encoding="utf-8"))) for file in files)
    named = set(re.findall(r"^\s*(?:from|import) processor\.(\w+)", text, re.MULTILINE))
    return named | {name for names in re.findall(r"^\s*from processor import (.+)$", text, re.MULTILINE)
                    for name in re.findall(r"\w+", names)}  # fmt: skip


@each_page
def test_every_room_is_in_the_table(page: str, heading: str) -> None:
    assert sorted(rows(page, heading)) == [room for room in ROOMS if room != "__main__"]


@each_page
def test_rooms_import_what_the_table_says(page: str, heading: str) -> None:
    wrong = {room: said - imported(room) for room, said in rows(page, heading).items() if said - imported(room)}
    assert wrong == {}

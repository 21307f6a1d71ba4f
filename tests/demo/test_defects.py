"""Defects are real, safe to mend, grouped by rule and file, and as urgent as their nature."""

from pathlib import Path

import pytest

from processor.demo.choice import choose_mix
from processor.demo.defects import Defect, find_defects
from processor.demo.rules import nature_of
from processor.model import Priority


def by_rule(defects: tuple[Defect, ...]) -> dict[tuple[str, str], Defect]:
    return {(defect.rule, defect.path): defect for defect in defects}


def test_one_defect_per_rule_and_file_with_its_lines(defects: tuple[Defect, ...]) -> None:
    unused = by_rule(defects)["F401", "pkg/engine.py"]

    assert unused.priority is Priority.HIGH
    assert unused.places == ((1, "`os` imported but unused"), (2, "`sys` imported but unused"))


def test_the_nature_of_the_rule_gives_the_priority(defects: tuple[Defect, ...]) -> None:
    found = by_rule(defects)

    assert found["W605", "pkg/text.py"].priority is Priority.CRITICAL
    assert found["E713", "pkg/engine.py"].priority is Priority.HIGH
    assert found["UP004", "pkg/text.py"].priority is Priority.MEDIUM
    assert [defect.priority.rank for defect in defects] == sorted(defect.priority.rank for defect in defects)


def test_spelling_is_found_in_prose_and_not_in_names(defects: tuple[Defect, ...]) -> None:
    spelling = {defect.path: defect.places for defect in defects if defect.tool == "codespell"}

    assert spelling == {
        "README.md": ((1, "`seperate` should be `separate`"),),
        "pkg/engine.py": ((6, "`seperate` should be `separate`"),),
    }


def test_a_word_that_is_also_a_name_in_the_file_is_left_alone(tmp_path: Path) -> None:
    text = "# recieve it\ndef recieve():\n    return 1\n"
    (tmp_path / "module.py").write_text(text, encoding="utf-8")

    assert find_defects(tmp_path) == ()


@pytest.mark.parametrize(
    "taker", ["from pkg.compat import loads\n", "from .compat import *\n", "import pkg\nX = pkg.compat.loads\n"]
)
def test_an_import_that_others_take_from_the_module_is_no_defect(tmp_path: Path, taker: str) -> None:
    (tmp_path / "compat.py").write_text("from json import loads\nimport os\n", encoding="utf-8")
    assert {defect.path for defect in find_defects(tmp_path) if defect.rule == "F401"} == {"compat.py"}

    (tmp_path / "taker.py").write_text(taker, encoding="utf-8")

    assert {defect.path for defect in find_defects(tmp_path) if defect.rule == "F401"} <= {"taker.py"}


def test_what_ruff_cannot_mend_safely_is_no_defect(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def run(x):\n    if x == None:\n        return x\n", encoding="utf-8")

    assert all(defect.rule != "E711" for defect in find_defects(tmp_path))


def test_a_way_that_the_oldest_python_lacks_is_no_defect(tmp_path: Path) -> None:
    text = "from typing import Optional\n\n\ndef run(x: Optional[int]) -> None:\n    del x\n"
    (tmp_path / "module.py").write_text(text, encoding="utf-8")

    assert "UP045" in {defect.rule for defect in find_defects(tmp_path, 10)}
    assert "UP045" not in {defect.rule for defect in find_defects(tmp_path, 9)}


def test_a_tree_without_python_has_no_defects(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("seperate\n", encoding="utf-8")

    assert find_defects(tmp_path) == ()


@pytest.mark.parametrize(
    ("rule", "priority"),
    [
        ("F632", Priority.CRITICAL),
        ("F541", Priority.HIGH),
        ("F811", Priority.CRITICAL),
        ("F401", Priority.HIGH),
        ("FURB110", Priority.LOW),
        ("FLY002", Priority.LOW),
        ("UP006", Priority.MEDIUM),
        ("W605", Priority.CRITICAL),
        ("W291", Priority.LOW),
    ],
)
def test_each_rule_has_one_nature(rule: str, priority: Priority) -> None:
    nature = nature_of(rule)

    assert nature is not None
    assert nature.priority is priority


@pytest.mark.parametrize("rule", ["I001", "RUF100", "FA100", "codespell", ""])
def test_rules_that_make_no_issue_have_no_nature(rule: str) -> None:
    assert nature_of(rule) is None


def test_the_mix_goes_through_the_priorities_in_turn(defects: tuple[Defect, ...]) -> None:
    chosen = choose_mix(defects, 4)

    assert [defect.priority for defect in chosen[:3]] == [Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM]
    assert chosen[3].tool == "codespell"


def test_the_mix_prefers_new_rules_and_new_files() -> None:
    def made(rule: str, path: str) -> Defect:
        return Defect(tool="ruff", path=path, rule=rule, priority=Priority.HIGH, places=((1, "x"),))

    defects = (made("F401", "a.py"), made("F401", "b.py"), made("E713", "a.py"), made("E713", "c.py"))

    chosen = [(defect.rule, defect.path) for defect in choose_mix(defects, 3)]

    assert chosen == [("E713", "a.py"), ("F401", "b.py"), ("E713", "c.py")]


def test_the_mix_is_everything_when_there_is_too_little(defects: tuple[Defect, ...]) -> None:
    assert sorted(choose_mix(defects, 1000), key=repr) == sorted(defects, key=repr)

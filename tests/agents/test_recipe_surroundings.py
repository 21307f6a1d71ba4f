"""A recipe obeys the repository's configuration, and nothing that lies around it."""

from pathlib import Path

import pytest

from processor.agents.recipe_tools import has_ruff_configuration, tool_argv
from processor.settings.sections import RecipeStep

STEP = RecipeStep(tool="ruff-fix", rules=("F401",))


@pytest.mark.parametrize("name", ["ruff.toml", "sub/.ruff.toml", "pyproject.toml"])
def test_a_configuration_of_the_repository_is_found(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("[tool.ruff]\nline-length = 100\n")
    assert has_ruff_configuration(tmp_path, [name])
    assert "--isolated" not in tool_argv(STEP, ["F401"], ["a.py"], is_configured=True)


def test_without_one_ruff_looks_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert not has_ruff_configuration(tmp_path, ["pyproject.toml", "a.py"])
    assert "--isolated" in tool_argv(STEP, ["F401"], ["a.py"], is_configured=False)

"""What our code imports is named in pyproject.toml, instead of coming along with something else by chance."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"processor", "exporter", "benchmarks", "grafana", "scripts", "tests"}
#: Part of a named distribution by design, such as the classes of Starlette that FastAPI hands out.
PART_OF = {"starlette": "fastapi", "click": "typer", "pydantic_core": "pydantic"}


def _named(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in requirements}


def _imported(folder: Path) -> dict[str, str]:
    """Find the first parts of what is imported, each with a file that does."""
    found = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            else:
                continue
            found |= {name.partition(".")[0]: str(path.relative_to(ROOT)) for name in names}
    return found


@pytest.mark.parametrize(
    ("folders", "requirements"),
    [
        pytest.param(
            ["processor", "exporter"],
            [line for key, lines in PROJECT["optional-dependencies"].items() if key != "dev" for line in lines],
            id="the product",
        ),
        pytest.param(
            ["tests", "benchmarks", "grafana"],
            [line for lines in PROJECT["optional-dependencies"].values() for line in lines],
            id="the tests",
        ),
    ],
)
def test_what_is_imported_is_named(folders: list[str], requirements: list[str]) -> None:
    named = _named([*PROJECT["dependencies"], *requirements])
    distributions = packages_distributions()
    unnamed = {}
    for folder in folders:
        for name, path in _imported(ROOT / folder).items():
            if name in sys.stdlib_module_names or name in OURS:
                continue
            brought_by = {PART_OF.get(name, one.lower().replace("_", "-")) for one in distributions.get(name, [name])}
            if not brought_by & named:
                unnamed[name] = path
    assert unnamed == {}

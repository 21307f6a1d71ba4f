"""What a service may never use is not in its memory, and comes with the first use."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from processor.late_imports import put_off

#: Megabytes each: for a GitHub App, PostgreSQL, a new version of the ledger, the first gate, `aip top`.
FOR_SOME = {"alembic", "bandit", "cryptography", "detect_secrets", "jwt", "nacl", "psycopg", "textual"}
PROGRAM = "import sys, processor.cli.run; print(*sys.modules, sep='\\n')"
LIBRARY = """
import heavy_of_a_test
from heavy_of_a_test import part

def weight(): return heavy_of_a_test.WEIGHT
def is_broken(error): return isinstance(error, part.Broken)
def absent(): return heavy_of_a_test.ABSENT
"""


@pytest.fixture(name="load")
def way_to_load_a_library_of_a_heavy_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Any]]:
    package = tmp_path / "heavy_of_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("WEIGHT = 20\n")
    (package / "part.py").write_text("class Broken(Exception): pass\n")
    (tmp_path / "library_of_a_test.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(tmp_path)

    def load() -> Any:
        with put_off("heavy_of_a_test", "heavy_of_a_test.part"):
            return importlib.import_module("library_of_a_test")

    yield load
    for name in ("library_of_a_test", *_heavy()):
        sys.modules.pop(name, None)


def _heavy() -> list[str]:
    return sorted(name for name in sys.modules if name.startswith("heavy_of_a_test"))


def test_a_service_brings_no_library_that_it_may_never_use() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert {"github", "dbos", "fastapi"} < loaded
    assert loaded & FOR_SOME == set()


def test_what_is_put_off_is_loaded_by_its_first_use(load: Callable[[], Any]) -> None:
    library = load()
    assert _heavy() == []
    assert library.weight() == 20
    assert _heavy() == ["heavy_of_a_test"]
    broken = importlib.import_module("heavy_of_a_test.part").Broken
    assert library.is_broken(broken())
    assert not library.is_broken(ValueError())


def test_what_is_loaded_already_is_not_put_off(load: Callable[[], Any]) -> None:
    part = importlib.import_module("heavy_of_a_test.part")
    assert load().part is part
    assert sys.modules["heavy_of_a_test.part"] is part


def test_what_a_module_has_not_is_missing_as_ever(load: Callable[[], Any]) -> None:
    with pytest.raises(AttributeError, match="module 'heavy_of_a_test' has no attribute 'ABSENT'"):
        load().absent()

"""The forge shows the code base and the issues as people would have put them there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.demo.defects import Defect
from processor.demo.plan import STRANGER
from processor.demo.publishing import Published, publish, write_tree
from processor.demo.sources import CodeBase
from processor.demo.stage import plan_issues
from processor.forge import Forge
from tests.demo.conftest import FILES


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    with Forge(tmp_path / "forge") as forge:
        yield forge


@pytest.fixture
def published(forge: Forge, tree: Path, defects: tuple[Defect, ...], tmp_path: Path) -> Published:
    code_base = CodeBase(name="sample pkg", version="1.2", oldest_python=None, files=FILES)
    planned = plan_issues(defects[:2], code_base.python_files, tmp_path / "canary")
    return publish(forge, code_base, tree, planned)


def test_the_repository_holds_exactly_the_files(forge: Forge, published: Published) -> None:
    bare = forge.world.repositories.bare(forge.world.repositories.get("demo/sample-pkg"))

    assert published.repository == "demo/sample-pkg"
    assert set(bare.run("ls-tree", "-r", "--name-only", "main").split()) == set(FILES)
    assert bare.run("show", "main:README.md") == FILES["README.md"]
    assert published.first_commit == forge.branches("demo/sample-pkg")["main"]


def test_the_issues_are_there_oldest_first_with_labels_and_authors(forge: Forge, published: Published) -> None:
    issues = forge.issues("demo/sample-pkg")

    assert [issue.title for issue in issues] == [planned.title for planned in published.issues.values()]
    assert [issue.number for issue in issues] == [ref.number for ref in published.issues]
    assert all("auto-processable" in issue.labels for issue in issues)
    assert [issue.author for issue in issues].count(STRANGER) == 1
    assert [issue.created_at for issue in issues] == sorted(issue.created_at for issue in issues)


def test_line_ends_are_kept(tmp_path: Path) -> None:
    code_base = CodeBase(name="x", version="", oldest_python=None, files={"a/b.py": "x = 1\r\n"})

    write_tree(code_base, tmp_path)

    assert (tmp_path / "a/b.py").read_bytes() == b"x = 1\r\n"

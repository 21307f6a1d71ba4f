"""Patches are read as git writes them, whatever the names."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.errors import GateToolError
from processor.gate.patch import PatchEntry, parse_patch

_OLD, _NEW, _NONE = "1" * 40, "2" * 40, "0" * 40


@pytest.mark.parametrize(
    ("patch", "entry"),
    [
        (
            (
                f"diff --git a/x y.py b/x y.py\nindex {_OLD}..{_NEW} 100644\n"
                "--- a/x y.py\t\n+++ b/x y.py\t\n@@ -1 +1 @@\n-a\n+b\n"
            ),
            PatchEntry(old_path="x y.py", new_path="x y.py", old_mode="100644", new_mode="100644", old_blob=_OLD),
        ),
        (
            (
                f"diff --git a/n b/n\nnew file mode 120000\nindex {_NONE}..{_NEW}\n"
                "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+t\n"
            ),
            PatchEntry(old_path=None, new_path="n", new_mode="120000"),
        ),
        (
            f"diff --git a/g b/g\ndeleted file mode 100755\nindex {_OLD}..{_NONE}\nGIT binary patch\nliteral 0\n",
            PatchEntry(old_path="g", new_path=None, old_mode="100755", old_blob=_OLD),
        ),
        (
            "diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n",
            PatchEntry(old_path="a", new_path="b"),
        ),
        (
            "diff --git a/s b/s\nold mode 100644\nnew mode 100755\n",
            PatchEntry(old_path="s", new_path="s", old_mode="100644", new_mode="100755"),
        ),
        (
            'diff --git "a/\\303\\251\\t\\"" "b/\\303\\251\\t\\""\nold mode 100644\nnew mode 100755\n',
            PatchEntry(old_path='é\t"', new_path='é\t"', old_mode="100644", new_mode="100755"),
        ),
    ],
)
def test_a_header_tells_names_modes_and_the_old_blob(patch: str, entry: PatchEntry) -> None:
    assert parse_patch(patch.encode()) == (entry,)


def test_content_that_looks_like_a_header_is_content() -> None:
    patch = (
        f"diff --git a/f b/f\nindex {_OLD}..{_NEW} 100644\n--- a/f\n+++ b/f\n@@ -1 +1,3 @@\n x\n"
        "+diff --git a/.github/w b/.github/w\n+new file mode 100755\n"
    )
    assert [entry.new_path for entry in parse_patch(patch.encode())] == ["f"]


@pytest.mark.parametrize("patch", [b"", b"nothing of the kind\n", b"diff --git a/x b/other\nold mode 100644\n"])
def test_a_patch_that_cannot_be_read_is_refused(patch: bytes) -> None:
    with pytest.raises(GateToolError):
        parse_patch(patch)


_names = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=20).filter(
    lambda name: name not in {".", ".."} and not name.casefold().startswith((".git", "git~"))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.sets(_names, min_size=1, max_size=3))
def test_every_name_that_git_prints_is_read_back(tmp_path_factory: pytest.TempPathFactory, names: set[str]) -> None:
    tree: Path = tmp_path_factory.mktemp("names")
    git = ["git", "-c", "core.protectHFS=false"]
    subprocess.run([*git, "init", "-q"], cwd=tree, check=True)
    for name in names:
        (tree / name).write_text("x\n")
    subprocess.run([*git, "add", "-A", "-f"], cwd=tree, check=True)
    printed = subprocess.run(
        [*git, "diff", "--cached", "--binary", "--full-index"], cwd=tree, check=True, capture_output=True
    )
    assert {entry.new_path for entry in parse_patch(printed.stdout)} == names

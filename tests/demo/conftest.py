"""What the demo's tests share: a small tree with known defects, and the defects in it."""

from pathlib import Path

import pytest

from processor.demo.defects import Defect, find_defects

FILES = {
    "pkg/__init__.py": '"""A package."""\n',
    "pkg/engine.py": (
        "import os\nimport sys\n\n\ndef run(items):\n    # a seperate pass for each\n    return not 1 in items\n"
    ),
    "pkg/text.py": 'import re\n\nPATTERN = re.compile("\\d+")\n\n\nclass Old(object):\n    pass\n',
    "pkg/names.py": "def recieve(recieve=1):\n    return recieve\n",
    "README.md": "It is a seperate thing.\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Lay out FILES below a folder."""
    root = tmp_path / "tree"
    for path, text in FILES.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def defects(tree: Path) -> tuple[Defect, ...]:
    """Find the defects of the tree."""
    return find_defects(tree)

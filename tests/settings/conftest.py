"""A folder of settings files, made from texts."""

from collections.abc import Callable
from pathlib import Path

import pytest

FolderOf = Callable[..., Path]


@pytest.fixture
def folder_of(tmp_path: Path) -> FolderOf:
    """Write files named by their first word: main, gate, security, environments."""
    names = {
        "main": "auto_issue_processor.yaml",
        "gate": "quality_gate.yaml",
        "security": "security_settings.yaml",
        "environments": "environments.yaml",
    }

    def write(**texts: str) -> Path:
        folder = tmp_path / "configs"
        folder.mkdir()
        for kind, text in texts.items():
            (folder / names[kind]).write_text(text, encoding="utf-8")
        return folder

    return write

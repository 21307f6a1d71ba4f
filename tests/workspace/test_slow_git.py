"""A git that takes its time reads the whole of what it is given, while somebody may stop it again and again."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from processor.errors import RunCancelled
from processor.workspace.git import execute

#: More than a pipe holds.
CONTENT = b"a line of a large change\n" * 10_000


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a git that waits for a file before it begins; gives the file."""
    place = tmp_path / "go"
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\nwhile [ ! -e {place} ]; do sleep 0.01; done\nexec {shutil.which("git")} "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    return place


def test_it_reads_everything_however_often_it_is_asked_whether_to_stop(go: Path, tmp_path: Path) -> None:
    asked: list[bool] = []

    def should_stop() -> bool:
        asked.append(go.exists())
        if len(asked) == 2:
            go.touch()
        return False

    done = execute(["hash-object", "--stdin"], {}, tmp_path, 60, stdin=CONTENT, should_stop=should_stop)
    blob = hashlib.sha1(b"blob %d\0" % len(CONTENT) + CONTENT, usedforsecurity=False).hexdigest()
    assert (done.exit_code, done.stdout.decode().strip(), done.stderr) == (0, blob, "")
    assert len(asked) >= 2


@pytest.mark.usefixtures("go")
def test_it_ends_when_it_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(RunCancelled):
        execute(["hash-object", "--stdin"], {}, tmp_path, 60, stdin=CONTENT, should_stop=lambda: True)

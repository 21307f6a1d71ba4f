"""The engine forgets what ended long ago, and nothing else."""

import subprocess
import sys
from pathlib import Path

from tests.engine import retention


def test_only_jobs_that_ended_and_are_known_to_have_ended_are_forgotten(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, retention.__file__, f"sqlite:///{tmp_path / 'engine.sqlite'}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "[0, 2] ['kept', 'waits'] ['waits']\n", done.stderr

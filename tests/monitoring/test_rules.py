"""The alerts fire, and do not fire, as prometheus/tests say; promtool evaluates them."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.monitoring.conftest import ROOT, Tools

FILES = sorted((ROOT / "prometheus" / "tests").glob("*.test.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".test.yml"))
def test_alerts(tools: Tools, file: Path) -> None:
    command, rarely = [tools.promtool, "test", "rules", file], {"GOGC": "400"}  # it looks for garbage less often
    done = subprocess.run(command, env=os.environ | rarely, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

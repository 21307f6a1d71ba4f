"""The alerts fire, and do not fire, as prometheus/tests say; promtool evaluates them."""

import subprocess
from pathlib import Path

import pytest

from tests.monitoring.conftest import ROOT, Tools

FILES = sorted((ROOT / "prometheus" / "tests").glob("*.test.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".test.yml"))
def test_alerts(tools: Tools, file: Path) -> None:
    done = subprocess.run([tools.promtool, "test", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

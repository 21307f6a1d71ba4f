"""The real Prometheus and Alertmanager, for tests of what they read and do."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Tools:
    """Where the programs are; each runs here."""

    folder: Path

    @property
    def prometheus(self) -> Path:
        return self.folder / "prometheus"

    @property
    def promtool(self) -> Path:
        return self.folder / "promtool"

    @property
    def alertmanager(self) -> Path:
        return self.folder / "alertmanager"

    @property
    def amtool(self) -> Path:
        return self.folder / "amtool"


@pytest.fixture(scope="session")
def tools() -> Tools:
    """With CI set a missing tool fails the tests; otherwise they are skipped and say why."""
    found = subprocess.run([ROOT / "scripts" / "monitoring-tools"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        reason = found.stderr.strip()
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Tools(Path(found.stdout.strip()))

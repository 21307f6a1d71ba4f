"""scripts/monitoring-tools takes what is on PATH and new enough, and says what to do where it finds nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.monitoring.conftest import ROOT, Tools

#: What the script itself needs; no apt, so that nothing can be fetched.
_SYSTEM = ("cat", "dirname", "flock", "grep", "head", "ln", "ls", "mkdir", "mktemp", "mv", "rm", "sed", "sh", "sort")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout that holds the script alone, and a PATH that holds what it needs alone."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "monitoring-tools", tmp_path / "scripts")
    (tmp_path / "bin").mkdir()
    for name in _SYSTEM:
        found = shutil.which(name)
        assert found is not None
        (tmp_path / "bin" / name).symlink_to(found)
    return tmp_path


def _install(folder: Path, name: str, version: str) -> None:
    program = folder / "bin" / name
    program.write_text(f"#!/bin/sh\necho '{name}, version {version} (branch: HEAD)'\n")
    program.chmod(0o755)


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PATH": str(folder / "bin")}
    script = [folder / "scripts" / "monitoring-tools"]
    return subprocess.run(script, env=environ, capture_output=True, text=True, check=False)


def test_what_is_on_path_is_taken(bare: Path) -> None:
    for name in ("prometheus", "promtool"):
        _install(bare, name, "3.5.0")
    for name in ("prometheus-alertmanager", "amtool"):
        _install(bare, name, "0.30.1")
    done = _run(bare)
    assert (done.returncode, done.stderr) == (0, "")
    folder = Path(done.stdout.strip())
    assert sorted(path.name for path in folder.iterdir()) == ["alertmanager", "amtool", "prometheus", "promtool"]
    assert (folder / "alertmanager").resolve() == bare / "bin" / "prometheus-alertmanager"


def test_what_is_too_old_is_not_taken_and_the_remedy_is_told(bare: Path) -> None:
    for name in ("prometheus", "promtool"):
        _install(bare, name, "2.53.3")
    for name in ("alertmanager", "amtool"):
        _install(bare, name, "0.30.1")
    done = _run(bare)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(
        "prometheus and promtool from 3.5, alertmanager and amtool from 0.30 are not on PATH;"
        " install them from your system's packages or from https://prometheus.io/download/\n"
    )
    assert [path.name for path in (bare / ".tools").iterdir()] == ["monitoring.lock"]


def test_the_tools_of_the_tests_run(tools: Tools) -> None:
    for program in (tools.prometheus, tools.promtool, tools.alertmanager, tools.amtool):
        assert subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0

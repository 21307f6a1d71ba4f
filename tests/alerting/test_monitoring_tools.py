"""Finding prometheus, promtool and alertmanager: where they are, and one clear error when they are not."""

from pathlib import Path

import pytest

from processor.alerting.tools import find_tools
from processor.errors import UsageError


def _program(folder: Path, name: str, says: str, code: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho '{says}' >&2\nexit {code}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("prometheus", "promtool"):
        _program(tmp_path / "bin", name, f"{name}, version 3.10.0+ds (branch: debian)")
    _program(tmp_path / "bin", "prometheus-alertmanager", "alertmanager, version 0.31.1 (branch: x)")
    return tmp_path / "bin"


def test_they_are_found_under_debians_name_too(folder: Path) -> None:
    found = find_tools(folder)
    assert found.promtool == folder / "promtool"
    assert found.alertmanager == folder / "prometheus-alertmanager"


def test_they_are_looked_for_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert find_tools(None).prometheus == folder / "prometheus"


def test_a_missing_one_is_told_with_the_remedy(folder: Path) -> None:
    (folder / "promtool").unlink()
    (folder / "prometheus-alertmanager").unlink()
    with pytest.raises(UsageError) as told:
        find_tools(folder)
    assert str(told.value) == (
        f"promtool, alertmanager are not in {folder}; install Prometheus 3.5 and Alertmanager 0.30 or newer, or run "
        "scripts/monitoring-tools of the source tree and name the folder that it prints with --tools"
    )


@pytest.mark.parametrize(
    ("says", "complaint"),
    [
        ("prometheus, version 2.42.0+ds", "is prometheus 2.42, which is too old; install Prometheus 3.5"),
        ("hello", "does not tell its version; install Prometheus 3.5"),
    ],
)
def test_one_that_is_too_old_is_told(folder: Path, says: str, complaint: str) -> None:
    _program(folder, "prometheus", says)
    with pytest.raises(UsageError, match=complaint):
        find_tools(folder)

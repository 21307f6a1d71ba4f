"""The systemd units are understood by systemd, and start what is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "deploy" / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_has_no_remark_on_a_unit(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    program = shutil.which("true")
    text = unit.read_text(encoding="utf-8")
    assert "ExecStart=/opt/aip/bin/" in text
    # The program is not installed at its place on a machine that runs tests, and there is no user aip.
    copy = tmp_path / unit.name
    lines = [f"ExecStart={program}" if line.startswith("ExecStart=") else line for line in text.splitlines()]
    copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False, timeout=30
    )
    remarks = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, remarks) == (0, []), done.stderr

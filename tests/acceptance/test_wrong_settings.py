"""Wrong settings through the installed command: exit 2, every fault with its whole message, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parent.parent / "testdata" / "settings" / "faults"
# One process for all folders: starting `aip` once a folder would cost a minute and prove nothing more.
EACH = """
import contextlib, io, json, sys
from processor.cli.main import main
told = {}
for folder in sys.argv[1:]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["--config-dir", folder, "run"])
    told[folder] = [code, out.getvalue(), err.getvalue()]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[int, str, str]]:
    folders = [str(folder) for folder in sorted(FAULTS.iterdir())]
    done = subprocess.run([sys.executable, "-c", EACH, *folders], capture_output=True, text=True, check=True)
    answers: dict[str, tuple[int, str, str]] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("folder", sorted(FAULTS.iterdir()), ids=lambda folder: folder.name)
def test_a_fault_ends_the_command_with_its_whole_message(folder: Path, told: dict[str, tuple[int, str, str]]) -> None:
    code, out, err = told[str(folder)]
    expected = (folder / "expected.txt").read_text(encoding="utf-8").rstrip("\n").splitlines()
    assert code == 2
    assert out == ""
    assert err.replace(f"{folder}/", "").splitlines() == [f"aip: {line}" for line in expected]


def test_without_a_token_the_remedy_is_named(tmp_path: Path) -> None:
    (tmp_path / "auto_issue_processor.yaml").write_text(f"state:\n  directory: {tmp_path}/state\n")
    aip = Path(sys.executable).parent / "aip"
    done = subprocess.run(
        [aip, "--config-dir", tmp_path, "run"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "AUTO_ISSUE_API_PORT": "0"},
    )
    assert (done.returncode, done.stderr) == (
        2,
        "aip: environment: GITHUB_TOKEN: there is no token; set GITHUB_TOKEN or github.token_file, or run `aip init`\n",
    )

"""The systemd units are understood by systemd, are hardened, and start what is installed."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests
import yaml

from processor.forge import Forge
from tests.acceptance.system import wait_until
from tests.contract.systemd_unit import Unit, sandbox_works
from tests.ports import own_port

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
#: The exposure that systemd reckons, in tenths: 0 is shut in, 100 is open.
EXPOSURE = {"aip.service": 33, "aip-exporter.service": 20}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_has_no_remark_on_a_unit(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("true")
    text = unit.read_text(encoding="utf-8")
    assert "ExecStart=/opt/aip/bin/" in text
    # The program is not installed at its place on a machine that runs tests, and there is no user aip.
    copy = tmp_path / unit.name
    lines = [f"ExecStart={program}" if line.startswith("ExecStart=") else line for line in text.splitlines()]
    copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = analyze("verify", "--man=no", str(copy))
    remarks = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, remarks) == (0, []), done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_shut_in(unit: Path) -> None:
    done = analyze("security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE[unit.name]}", str(unit))
    assert done.returncode == 0, done.stdout[-200:]


def test_the_command_beside_the_units_works_where_they_do() -> None:
    text, unit = (FOLDER / "aip").read_text(encoding="utf-8"), Unit.read(FOLDER / "aip.service")
    own = [f"export {line}" for line in unit.lines["Environment"] if line.startswith("AUTO_ISSUE_")]
    assert [line for line in text.splitlines() if line.startswith("export AUTO_ISSUE_")] == own
    assert f"cd {unit.one('WorkingDirectory')}\n" in text
    assert f"--reuid={unit.one('User')} --regid={unit.one('Group')} " in text
    assert f"-- {unit.one('ExecStart').removesuffix(' run')} " in text
    assert f"token={unit.one('LoadCredential').partition(':')[2]}\n" in text


def test_the_command_beside_the_units_asks_for_sudo(tmp_path: Path) -> None:
    nobody = tmp_path / "id"  # whoever runs the tests, the shell asks this one
    nobody.write_text("#!/bin/sh\necho 1000\n")
    nobody.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(
        ["/bin/sh", FOLDER / "aip", "status"], env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "aip: this works as the service's user, with its token; type sudo before it\n"


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    argv = ["systemd-analyze", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)


@dataclass(frozen=True)
class Installation:
    """What docs/deployment.md has an administrator make: folders, settings and a token."""

    folder: Path
    api: str
    exporter: str

    @contextmanager
    def started(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start what a unit starts, with the unit's environment, user, folders and nothing else to write to."""
        argv = Unit.read(FOLDER / name).command(self.folder, Path(sys.prefix))
        with (self.folder / "log").open("wb") as log, subprocess.Popen(argv, stdout=log, stderr=log) as process:
            try:
                yield process
            finally:
                process.kill()

    def ask(self, url: str) -> requests.Response:
        """Ask until somebody answers."""

        def answer() -> requests.Response | None:
            with suppress(requests.ConnectionError):
                return requests.get(url, timeout=60)
            return None

        try:
            answered: requests.Response = wait_until(answer, f"an answer of {url}")
        except AssertionError as exc:
            raise AssertionError(f"{exc}\n{(self.folder / 'log').read_text()}") from exc
        return answered


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    if not sandbox_works():
        pytest.skip("bubblewrap does not work here")
    api, exporter = own_port(), own_port()
    with Forge(tmp_path / "forge") as forge:
        forge.create_user("octo")
        forge.create_repository("octo/hello", files={"README.md": "Hello.\n"})
        settings = {
            "github": {"base_url": forge.api_url},
            "repositories": [{"name": "octo/hello", "agent": "tidy"}],
            "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
            "api": {"port": api},
            "exporter": {"port": exporter},
        }
        for name in ("etc/secrets", "state", "logs"):
            (tmp_path / name).mkdir(parents=True)
        (tmp_path / "etc" / "secrets" / "github_token").write_text(forge.create_token("octo"))
        (tmp_path / "etc" / "auto_issue_processor.yaml").write_text(yaml.safe_dump(settings))
        yield Installation(tmp_path, f"http://127.0.0.1:{api}", f"http://127.0.0.1:{exporter}")


def test_the_service_starts_as_its_unit_says_and_ends_in_good_order(installation: Installation) -> None:
    with installation.started("aip.service") as process:
        assert installation.ask(f"{installation.api}/api/status").json()["state"] == "running"
        assert (installation.folder / "state" / "state" / "ledger.sqlite").exists()
        assert list((installation.folder / "logs").iterdir())
        [service] = psutil.Process(process.pid).children()
        service.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def test_the_exporter_starts_as_its_unit_says(installation: Installation) -> None:
    with installation.started("aip-exporter.service"):
        page = installation.ask(f"{installation.exporter}/metrics").text
        assert 'aip_exporter_collector_success{collector="host"} 1.0' in page

"""`aip forge workload` serves a forge under the name it is given, and opens issues until SIGTERM."""

import signal
import subprocess
import sys
from pathlib import Path

import requests

from tests.acceptance.system import wait_until

AIP = str(Path(sys.executable).parent / "aip")


def test_people_ask_for_work_and_the_robot_is_let_in_with_its_token(tmp_path):
    (tmp_path / "token").write_text("a-token-of-our-own\n")
    options = [
        "--root",
        tmp_path / "forge",
        "--token-file",
        tmp_path / "token",
        "--package",
        "croniter",
        "--every",
        "0.1",
    ]
    argv = [AIP, "forge", "workload", *map(str, options), "--host", "localhost"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            url = server.stdout.readline().removeprefix("forge:").strip()
            assert url.startswith("http://localhost:")
            headers = {"Authorization": "token a-token-of-our-own"}

            def issues() -> list[dict[str, str]]:
                asked = requests.get(f"{url}/api/v3/repos/demo/croniter/issues", headers=headers, timeout=60)
                return asked.json() if asked.status_code == 200 else []

            first = wait_until(issues, "an issue")[-1]
            assert first["html_url"].startswith(f"{url}/demo/croniter/")
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0


def test_a_token_is_needed(aip, tmp_path):
    (tmp_path / "token").write_text("\n")
    said = aip("forge", "workload", "--root", str(tmp_path / "forge"), "--token-file", str(tmp_path / "token"))
    assert said.code == 2
    assert f"{tmp_path / 'token'} is empty; put a token of your own making into it" in said.err

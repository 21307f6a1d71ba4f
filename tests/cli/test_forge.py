"""`aip forge serve` is a forge until SIGTERM, and says where it is."""

import signal
import subprocess
import sys
from pathlib import Path

import requests


def test_it_serves_until_sigterm_and_says_where(tmp_path):
    command = [
        str(Path(sys.executable).parent / "aip"),
        "forge",
        "serve",
        "--root",
        str(tmp_path / "forge"),
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            url = server.stdout.readline().removeprefix("forge:").strip()
            assert requests.get(f"{url}/_forge/health", timeout=60).json() == {"is_healthy": True}
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
        assert f"REST:     {url}/api/v3" in server.stdout.read()


def test_a_folder_that_is_served_already_is_a_clear_error(aip, forge):
    said = aip("forge", "serve", "--root", str(forge.root))
    assert said.code == 1
    assert "is served by another forge" in said.err


def test_a_root_is_needed(aip):
    said = aip("forge", "serve")
    assert said.code == 2
    assert "--root" in said.err


def test_a_port_out_of_range_is_wrong_usage(aip, tmp_path):
    assert aip("forge", "serve", "--root", str(tmp_path), "--port", "70000").code == 2

"""A copy of this tree, run by Docker Compose as a project of its own, with ports of its own."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
PROJECT = "aip-deployment-test"
VERSION = "deployment-test"
SERVED = ("PROMETHEUS", "ALERTMANAGER", "GRAFANA", "EXPORTER", "FORGE")
PORTS = tuple(f"AIP_{name}_PORT" for name in SERVED)
_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class ComposeProject:
    """The stack, as an operator has it before them. `ports` are by the variable of `.env` that sets them."""

    folder: Path
    ports: dict[str, int]

    def compose(self, *arguments: str, seconds: float = 600, text: str | None = None) -> str:
        """Run `docker compose`, with a text on stdin, and return what it prints; fail with all it said."""
        return self._run("docker", "compose", *arguments, seconds=seconds, text=text)

    def failure(self, *arguments: str) -> str:
        """Run `docker compose` for what must fail, and return all it says."""
        done = self._ran(("docker", "compose", *arguments), 120)
        assert done.returncode != 0, done.stdout.decode()
        return (done.stdout + done.stderr).decode()

    def up(self, *options: str) -> None:
        """Start everything and wait until it is healthy, but for what AIP_TEST_WITHOUT names (no image to be had)."""
        left_out = os.environ.get("AIP_TEST_WITHOUT", "").split(",")
        known = json.loads(self.compose("config", "--format", "json"))["services"]
        # What runs to its end is started by who waits for it.
        services = [name for name, one in known.items() if one.get("restart") != "no" and name not in left_out]
        self.compose("up", "--detach", "--wait", *options, *services)

    def docker(self, *arguments: str) -> str:
        """Run `docker` and return what it prints; fail with all it said."""
        return self._run("docker", *arguments, seconds=120)

    def containers(self, service: str) -> list[str]:
        """Name the running containers of a service by id."""
        return self.compose("ps", "--quiet", "--status", "running", service).split()

    def query(self, expression: str) -> float | None:
        """Ask Prometheus for one number; None without an answer or without a sample."""
        try:
            answer = requests.get(
                f"http://127.0.0.1:{self.ports['AIP_PROMETHEUS_PORT']}/api/v1/query",
                params={"query": expression},
                timeout=10,
            )
        except requests.ConnectionError:
            return None
        found = answer.json()["data"]["result"]
        return float(found[0]["value"][1]) if found else None

    def sql(self, statement: str) -> list[str]:
        """Ask the database as its owner; one line a row."""
        return self.compose("exec", "-T", "postgres", "psql", "-U", "aip", "-At", "-c", statement).splitlines()

    def successes(self) -> int:
        """Count the issues that became pull requests, by the ledger."""
        return int(self.sql("SELECT count(*) FROM aip.runs WHERE outcome = 'success'")[0])

    def set(self, **variables: object) -> None:
        """Write variables into `.env`, where the last line counts."""
        with (self.folder / ".env").open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in variables.items())

    def wait_for(self, look: Callable[[], Any], what: str, seconds: float = 180) -> Any:
        """Look until something true is seen."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen = look()
            if seen:
                return seen
            time.sleep(_LOOK_SECONDS)
        raise AssertionError(f"{what} did not come within {seconds:g} s\n{self.compose('logs', '--tail', '20')}")

    def _run(self, *argv: str, seconds: float, text: str | None = None) -> str:
        done = self._ran(argv, seconds, (text or "").encode())
        out, err = done.stdout.decode(), done.stderr.decode()
        assert done.returncode == 0, f"{' '.join(argv)}\n{out}{err}"
        return out

    def _ran(self, argv: tuple[str, ...], seconds: float, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            argv, cwd=self.folder, env=_environment(), input=given, capture_output=True, check=False, timeout=seconds
        )


def copied_project(folder: Path) -> ComposeProject:
    """Copy this tree and make it a project of the demo."""
    copy_tree(folder)
    return initialised(folder)


def copy_tree(folder: Path) -> None:
    """Copy what git knows of this tree over what is in the folder."""
    for name in known_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)


def known_files() -> list[str]:
    """List the files of this tree, but for those that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return list(filter(None, listed.stdout.split("\0")))


def initialised(folder: Path, version: str = VERSION) -> ComposeProject:
    """Run scripts/init for the demo, and choose free ports."""
    subprocess.run(["scripts/init", "--demo", "--yes"], cwd=folder, check=True, timeout=30)
    project = ComposeProject(folder=folder, ports=dict(zip(PORTS, _free_ports(len(PORTS)), strict=True)))
    project.set(AIP_VERSION=version, AIP_DEMO_SECONDS=5, **project.ports)
    return project


def _environment() -> dict[str, str]:
    """Add a file of the machine's own, such as one for a build behind a proxy: AIP_TEST_COMPOSE_FILE."""
    further = os.environ.get("AIP_TEST_COMPOSE_FILE")
    files = ["docker-compose.yml", *([further] if further else [])]
    return {**os.environ, "COMPOSE_PROJECT_NAME": PROJECT, "COMPOSE_FILE": os.pathsep.join(files)}


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()

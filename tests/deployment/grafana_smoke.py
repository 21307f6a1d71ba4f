"""Start the stack, ask its Grafana whether it holds what is provisioned, remove everything: make grafana-smoke.

Exit code 0 when all is well, 1 when Grafana lacks something, 2 when it cannot be tried here.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.deployment.compose_project import ROOT, ComposeProject, copied_project
from tests.deployment.grafana_api import Expected, Grafana, findings

OLDEST_COMPOSE = (2, 24)
_PATIENCE_SECONDS = 60
_PULL_SECONDS = 600


def main() -> int:
    """Try it and tell."""
    if trouble := prerequisites():
        return _say(f"grafana-smoke: {trouble}", 2)
    with tempfile.TemporaryDirectory(prefix="aip-grafana-smoke-") as folder:
        project = copied_project(Path(folder))
        try:
            project.up("--build")
            found = patiently(lambda: look(project))
        except AssertionError as exc:
            return _say(f"grafana-smoke: the stack does not start: {exc}", 2)
        finally:
            project.compose("down", "--volumes", "--remove-orphans")
    if found:
        return _say("\n".join(f"grafana-smoke: {line}" for line in found), 1)
    return _say(f"grafana-smoke: {len(sources())} data sources answer, {len(dashboards())} dashboards load", 0)


def prerequisites() -> str:
    """Say what keeps this machine from it; empty when nothing does."""
    if shutil.which("docker") is None:
        return "there is no docker on the PATH; install Docker Engine with Compose 2.24 or newer"
    said, problem = _asked("docker", "info", "--format", "{{.ServerVersion}}")
    if problem:
        return f"no Docker engine answers ({problem}); start it, and let this user use it"
    said, problem = _asked("docker", "compose", "version", "--short")
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if problem or version < OLDEST_COMPOSE:
        return f"Compose is {said or 'missing'}; install 2.24 or newer"
    image = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["grafana"]["image"]
    if _asked("docker", "image", "inspect", image)[1]:
        _, problem = _asked("docker", "pull", "--quiet", image)
        if problem:
            return f"{image} cannot be fetched ({problem}); a registry that has it must be reached"
    return ""


def look(project: ComposeProject) -> list[str]:
    """Look once; log and answers are those of now."""
    password = (project.folder / "secrets" / "grafana_password").read_text()
    grafana = Grafana(f"http://127.0.0.1:{project.ports['AIP_GRAFANA_PORT']}", password)
    return findings(
        grafana, sources(), dashboards(), project.compose("logs", "--no-log-prefix", "--no-color", "grafana")
    )


def patiently(ask: Callable[[], list[str]]) -> list[str]:
    """Ask until nothing is wrong, for a minute at most: Grafana is healthy before it has read every dashboard."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (found := ask()) and time.monotonic() < deadline:
        time.sleep(2)
    return found


def sources() -> list[str]:
    """Name the provisioned data sources."""
    files = sorted((ROOT / "deploy" / "grafana" / "datasources").glob("*.yml"))
    return [source["uid"] for file in files for source in yaml.safe_load(file.read_text("utf-8"))["datasources"]]


def dashboards() -> list[Expected]:
    """List every dashboard of both languages."""
    found = []
    for provider in yaml.safe_load((ROOT / "grafana/provisioning/dashboards/aip.yml").read_text("utf-8"))["providers"]:
        language = Path(provider["options"]["path"]).name
        for file in sorted((ROOT / "grafana" / "dashboards" / language).glob("*.json")):
            board = json.loads(file.read_text(encoding="utf-8"))
            found.append(Expected(board["uid"], board["title"], len(board["panels"]), provider["folderUid"]))
    return found


def _asked(*argv: str) -> tuple[str, str]:
    """Run a command: what it says, and the last line of its complaint when it fails."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=_PULL_SECONDS)
    complaint = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return done.stdout.strip(), complaint[-1] if done.returncode else ""


def _say(text: str, code: int) -> int:
    sys.stdout.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

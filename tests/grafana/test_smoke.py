"""`make grafana-smoke` finds what a Grafana lacks; a small server answers here as Grafana's documentation shows it."""

import json
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.grafana_api import Expected, Grafana, findings, provisioning_errors
from tests.deployment.grafana_smoke import dashboards, sources

PASSWORD = "of-the-administrator"
ROOT = Path(__file__).parents[2]
DASHBOARD = Expected("aip-slo", "SLO", 2, "aip-en")
# Source: https://grafana.com/docs/grafana/latest/developers/http_api/, the pages Other, Data source and Dashboard
HEALTHY: dict[str, tuple[int, Any]] = {
    "/api/health": (200, {"commit": "087143285", "database": "ok", "version": "13.2.3"}),
    "/api/datasources/uid/aip-prometheus/health": (
        200,
        {"message": "Successfully queried the Prometheus API.", "status": "OK"},
    ),
    "/api/dashboards/uid/aip-slo": (
        200,
        {
            "dashboard": {"id": 1, "uid": "aip-slo", "title": "SLO", "panels": [{}, {}], "schemaVersion": 42},
            "meta": {"isStarred": False, "url": "/d/aip-slo/slo", "folderUid": "aip-en", "provisioned": True},
        },
    ),
}
LOG = """\
logger=provisioning.dashboard t=2026-11-27T09:00:00Z level=info msg="finished to provision dashboards"
logger=sqlstore t=2026-11-27T09:00:00Z level=error msg="not our matter"
"""


class StandIn(ThreadingHTTPServer):
    """A server with Grafana's addresses; `answers` may be changed while it runs."""

    answers: dict[str, tuple[int, Any]]


class _Answering(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        status, answer = self.server.answers.get(self.path, (404, {"message": "Not found"}))
        if self.headers["Authorization"] != f"Basic {b64encode(f'admin:{PASSWORD}'.encode()).decode()}":
            status, answer = 401, {"message": "Invalid username or password"}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn(("127.0.0.1", 0), _Answering) as made:
        made.answers = dict(HEALTHY)
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def look(server: StandIn, password: str = PASSWORD, log: str = LOG) -> list[str]:
    grafana = Grafana(f"http://127.0.0.1:{server.server_port}", password)
    return findings(grafana, ["aip-prometheus"], [DASHBOARD], log)


def test_a_grafana_that_has_everything_gives_no_finding(server: StandIn) -> None:
    assert look(server) == []


@pytest.mark.parametrize(
    ("path", "answer", "finding"),
    [
        (
            "/api/health",
            (503, {"commit": "087143285", "database": "failing", "version": "13.2.3"}),
            "Grafana is not well (503): {'commit': '087143285', 'database': 'failing', 'version': '13.2.3'}",
        ),
        (
            "/api/datasources/uid/aip-prometheus/health",
            (400, {"message": "connect: connection refused", "status": "ERROR"}),
            "data source aip-prometheus does not answer (400): connect: connection refused",
        ),
        (
            "/api/dashboards/uid/aip-slo",
            (404, b"<html>404 Not Found</html>"),
            "dashboard aip-slo does not load (0): answer 404 is no JSON: '<html>404 Not Found</html>'",
        ),
        (
            "/api/dashboards/uid/aip-slo",
            (404, {"message": "Dashboard not found", "status": "not-found"}),
            "dashboard aip-slo does not load (404): Dashboard not found",
        ),
        (
            "/api/dashboards/uid/aip-slo",
            (200, {"dashboard": {"uid": "aip-slo", "title": "SLO"}, "meta": {"folderUid": "", "provisioned": True}}),
            f"dashboard aip-slo is another one: {Expected('aip-slo', 'SLO', 0, '')}, not {DASHBOARD}",
        ),
    ],
)
def test_what_is_missing_is_named(server: StandIn, path: str, answer: tuple[int, Any], finding: str) -> None:
    server.answers[path] = answer
    assert look(server) == [finding]


def test_a_dashboard_that_somebody_made_in_the_browser_is_not_ours(server: StandIn) -> None:
    answer = json.loads(json.dumps(HEALTHY["/api/dashboards/uid/aip-slo"][1]))
    answer["meta"]["provisioned"] = False
    server.answers["/api/dashboards/uid/aip-slo"] = (200, answer)
    assert look(server) == ["dashboard aip-slo is not a provisioned one"]


def test_a_wrong_password_is_told(server: StandIn) -> None:
    assert look(server, "another") == ["Grafana is not well (401): Invalid username or password"]


def test_an_error_of_provisioning_in_the_log_is_a_finding(server: StandIn) -> None:
    line = (
        "logger=provisioning.dashboard type=file name=aip-en t=2026-11-27T09:00:01Z level=error "
        'msg="failed to load dashboard from " file=/var/lib/grafana/dashboards/en/aip-slo.json error="unexpected EOF"'
    )
    said = "the log says: failed to load dashboard from  /var/lib/grafana/dashboards/en/aip-slo.json unexpected EOF"
    assert look(server, log=f"{LOG}\n{line}") == [said]
    assert provisioning_errors(LOG) == []


def test_every_committed_file_is_asked_for() -> None:
    assert len(dashboards()) == len(list((ROOT / "grafana" / "dashboards").rglob("*.json")))
    assert "aip-prometheus" in sources()


def test_without_docker_it_says_what_is_needed(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tests.deployment.grafana_smoke"]
    environment = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    said = "grafana-smoke: there is no docker on the PATH; install Docker Engine with Compose 2.24 or newer\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, said, "")

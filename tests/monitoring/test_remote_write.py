"""The remote write that docs/monitoring.md shows, between two real Prometheus: with its token, without the address."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import yaml

from processor.alerting.prometheus_api import ask
from processor.alerting.servers import running_prometheus
from tests.monitoring.conftest import Tools

PAGE = Path(__file__).parents[2] / "docs" / "monitoring.md"
TOKEN = "of-the-long-term-store"
FORWARDED = ("Content-Encoding", "Content-Type", "X-Prometheus-Remote-Write-Version")
_SECONDS = 30


def documented() -> dict[str, Any]:
    """Read the example of the page."""
    [block] = re.findall(r"```yaml\n# prometheus/prometheus\.yml\n(remote_write:[^`]*)```", PAGE.read_text("utf-8"))
    example: dict[str, Any] = yaml.safe_load(block)["remote_write"][0]
    return example


class Gate(ThreadingHTTPServer):
    """Stands before a Prometheus, which knows no tokens itself, and lets through who shows the token."""

    store: str
    refused: int = 0


class _Passing(BaseHTTPRequestHandler):
    server: Gate

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.server.refused += 1
            self.send_response(401)
        else:
            headers = {name: self.headers[name] for name in FORWARDED}
            answer = requests.post(self.server.store + self.path, data=body, headers=headers, timeout=_SECONDS)
            self.send_response(answer.status_code)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running_gate(store: str) -> Iterator[Gate]:
    with Gate(("127.0.0.1", 0), _Passing) as gate:
        gate.store = store
        thread = threading.Thread(target=gate.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield gate
        gate.shutdown()
        thread.join()


def write(path: Path, configuration: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(configuration), encoding="utf-8")
    return path


def test_what_is_scraped_arrives_at_the_long_term_store(tools: Tools, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    silent = write(tmp_path / "store.yml", {"global": {"scrape_interval": "1h"}})
    receiver = ["--web.enable-remote-write-receiver"]
    with (
        running_prometheus(tools.prometheus, tmp_path / "far", silent, options=receiver) as far,
        running_gate(far.url) as gate,
    ):
        example = documented()
        assert example["url"].endswith("/api/v1/write")
        example["url"] = f"http://127.0.0.1:{gate.server_port}/api/v1/write"
        example["authorization"]["credentials_file"] = str(token)
        example["queue_config"] = {"batch_send_deadline": "100ms"}  # 5 s otherwise
        labels = {"site": "here", "grafana_url": "http://localhost:3000"}
        sending = {"global": {"scrape_interval": "1s", "external_labels": labels}, "remote_write": [example]}
        own = {"job_name": "prometheus", "static_configs": [{"targets": [f"127.0.0.1:{far.url.rpartition(':')[2]}"]}]}
        config = write(tmp_path / "near.yml", {**sending, "scrape_configs": [own]})
        with running_prometheus(tools.prometheus, tmp_path / "near", config):
            [sample] = arrived(far.url)
        assert sample.labels["site"] == "here"
        assert "grafana_url" not in sample.labels
        assert gate.refused == 0


def arrived(store: str) -> Any:
    deadline = time.monotonic() + _SECONDS
    while not (samples := ask(store, 'up{job="prometheus"}').samples):
        assert time.monotonic() < deadline, "nothing arrived"
        threading.Event().wait(0.05)
    return samples

"""The real HTTP server over a real ledger."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from prometheus_client import CollectorRegistry

from processor.api.app import create_app
from processor.api.server import ApiServer
from processor.api.views import ServiceState
from processor.ledger.connection import Ledger
from processor.service.host_use import HostUseReader
from processor.settings.sections import Api, State
from tests.new_ledger import new_ledger

TOKEN = "open-sesame"
STATE = ServiceState(
    instance="here",
    state="running",
    started_at=0.0,
    is_dry_run=False,
    agent_limit_seconds=1800,
    max_parallel=1,
    capacity_level="medium",
    last_poll_success_at=None,
    last_poll_error=None,
    next_poll_at=None,
    github_limited_until=None,
)


@dataclass(frozen=True)
class Running:
    """An API that answers, and the ledger behind it."""

    url: str
    ledger: Ledger
    http: requests.Session

    def tell(self, body: bytes | str, **headers: str) -> requests.Response:
        """Send what Alertmanager would, with its token unless other headers are given."""
        sent = headers or {"Authorization": f"Bearer {TOKEN}"}
        return self.http.post(f"{self.url}/api/alerts", data=body, headers=sent, timeout=60)

    def history(self, **parameters: object) -> requests.Response:
        """Read the incidents."""
        return self.http.get(f"{self.url}/api/alerts", params=parameters, timeout=60)


@contextmanager
def running_api(folder: Path, token: str | None) -> Iterator[Running]:
    """Serve the API of a new ledger on a free port."""
    ledger = new_ledger(State(directory=folder))
    server = ApiServer(Api(port=0))
    server.start(
        create_app(
            ledger,
            version="0",
            service_state=lambda: STATE,
            clock=time.time,
            registry=CollectorRegistry(),
            alerts_token=(lambda: token) if token else None,
            host_use=HostUseReader([folder]).read,
        )
    )
    with requests.Session() as http:
        http.trust_env = False
        yield Running(server.url, ledger, http)
    server.stop()
    ledger.close()


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Running]:
    with running_api(tmp_path, TOKEN) as running:
        yield running


@pytest.fixture(scope="module")
def shared_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for a module whose tests leave nothing behind."""
    with running_api(tmp_path_factory.mktemp("api"), TOKEN) as running:
        yield running


@pytest.fixture
def api_without_token(tmp_path: Path) -> Iterator[Running]:
    with running_api(tmp_path, None) as running:
        yield running

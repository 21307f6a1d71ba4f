"""A whole API: a ledger with runs, a forge in GitHub's place, and the doors that a service opens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from processor.api.app import create_app
from processor.api.server import ApiServer
from processor.forge import Forge
from processor.operations.settings_in_force import SettingsInForce
from processor.service.assembly import api_token, assemble
from processor.service.host_use import HostUseReader
from processor.service.operator_door import OperatorDoor
from processor.service.steering_door import SteeringDoor
from processor.service.upkeep import UpkeepDoor
from processor.settings.api_token import api_token_file
from processor.settings.files import SettingsFiles
from processor.settings.sections import Api
from tests.api.conftest import STATE
from tests.cli.conftest import LABEL, REPOSITORY, Scene
from tests.ports import own_port


@dataclass
class Serving:
    """The API's address, its token, and what stands behind it."""

    server: ApiServer
    app: FastAPI
    token: str
    scene: Scene
    http: requests.Session

    def __post_init__(self) -> None:
        self.url = self.server.url

    def stop(self) -> None:
        """Have nobody answer."""
        self.server.stop()

    def start_again(self) -> None:
        """Answer at the same address."""
        self.server = ApiServer(Api(port=int(self.url.rpartition(":")[2])))
        self.server.start(self.app)

    def get(self, path: str, **headers: str) -> requests.Response:
        """Look, as a program on this machine does."""
        return self.http.get(f"{self.url}{path}", headers=headers, timeout=60)

    def post(self, path: str, body: object = None, **headers: str) -> requests.Response:
        """Act with the token, unless other headers are given."""
        sent = headers or {"Authorization": f"Bearer {self.token}"}
        return self.http.post(f"{self.url}{path}", json=body, headers=sent, timeout=60)


@contextmanager
def serving(root: Path, **api: Any) -> Iterator[Serving]:
    """Serve a new folder; issue #1 of the forge may be processed."""
    with Forge(root / "forge") as forge:
        forge.create_repository(REPOSITORY, files={"README.md": "hello\n"}, labels=[LABEL])
        forge.open_issue(REPOSITORY, "Greet the world", "please", labels=[LABEL], author="octo")
        _write_settings(root, forge, api)
        files = SettingsFiles(root / "configs", {})
        loaded = files.load()
        parts = assemble(loaded.settings, {})
        in_force = SettingsInForce(files, parts.ledger, loaded, actor="here", clock=time.time)
        token = api_token(loaded.settings)
        server = ApiServer(Api(port=own_port()))
        app = (
            create_app(
                parts.ledger, version="0", service_state=lambda: STATE, clock=time.time, registry=CollectorRegistry(),
                alerts_token=lambda: "open-sesame", steering=SteeringDoor(parts.ledger, in_force),
                operator=OperatorDoor(parts, lambda: in_force.settings), api_token=token,
                keeper=UpkeepDoor(parts.context()),
                host_use=HostUseReader([root]).read, allowed_hosts=loaded.settings.main.api.allowed_hosts,
            )
        )  # fmt: skip
        server.start(app)
        with requests.Session() as http:
            http.trust_env = False
            shown = api_token_file(loaded.settings.main.state).read_text().strip()
            running = Serving(server, app, shown, Scene(parts.ledger), http)
            yield running
        running.stop()
        parts.close()


def _write_settings(root: Path, forge: Forge, api: dict[str, Any]) -> None:
    (root / "configs").mkdir()
    (root / "token").write_text(forge.create_token("octo") + "\n")
    (root / "token").chmod(0o600)
    main = {
        "repositories": [{"name": REPOSITORY}],
        "default_agent": "tidy",
        "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
        "state": {"directory": str(root / "state")},
        "api": {"port": 0, **api},
        "github": {
            "base_url": forge.api_url, "token_file": str(root / "token"), "seconds_between_requests": 0,
            "seconds_between_writes": 0, "read_attempts": 1,
        },
    }  # fmt: skip
    (root / "configs" / "auto_issue_processor.yaml").write_text(yaml.safe_dump(main), encoding="utf-8")

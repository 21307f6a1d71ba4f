"""Capacity and settings over HTTP: everybody on this machine may look, and who has the token may change."""

import json
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client import CollectorRegistry

from processor.api.app import create_app
from processor.api.server import ApiServer
from processor.errors import UsageError
from processor.ledger.connection import open_ledger
from processor.operations.settings_in_force import SettingsInForce
from processor.service.assembly import api_token
from processor.service.host_use import HostUseReader
from processor.service.steering_door import SteeringDoor
from processor.settings.api_token import api_token_file
from processor.settings.files import SettingsFiles
from processor.settings.sections import Api, MainFile, Settings, State
from tests.api.conftest import STATE


@dataclass(frozen=True)
class Office:
    """A service's API over a ledger and a folder of settings."""

    url: str
    state: State
    http: requests.Session

    def ask(self, path: str) -> Any:
        return self.http.get(f"{self.url}{path}", timeout=60).json()

    def tell(self, method: str, path: str, body: object = None, token: str | None = None) -> tuple[int, Any]:
        token = api_token_file(self.state).read_text().strip() if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.http.request(method, f"{self.url}{path}", json=body, headers=headers, timeout=60)
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    root = tmp_path_factory.mktemp("steering")
    (root / "configs").mkdir()
    state = State(directory=root / "state")
    ledger = open_ledger(state)
    files = SettingsFiles(root / "configs", {})
    in_force = SettingsInForce(files, ledger, files.load(), actor="here", clock=time.time)
    server = ApiServer(Api(port=0))
    app = create_app(
        ledger, version="0", service_state=lambda: STATE, clock=time.time, registry=CollectorRegistry(),
        steering=SteeringDoor(ledger, in_force), api_token=api_token(Settings(main=MainFile(state=state))),
        host_use=HostUseReader([root]).read,
    )  # fmt: skip
    server.start(app)
    with requests.Session() as http:
        http.trust_env = False
        yield Office(server.url, state, http)
    server.stop()
    ledger.close()


@pytest.fixture(autouse=True)
def _nothing_is_left(office: Office) -> Iterator[None]:
    yield
    assert office.tell("DELETE", "/api/config")[0] == 200


WISH = {"values": {"minimum_score": 60, "gate.security_threshold": 8}, "for": "2h", "reason": "release", "by": "ada"}


def test_settings_are_changed_together_and_taken_back(office: Office) -> None:
    status, answer = office.tell("PUT", "/api/config", WISH)
    assert status == 200
    assert [(one["key"], one["before"], one["after"]) for one in answer["changed"]] == [
        ("gate.minimum_score", 70.0, 60.0),
        ("gate.security_threshold", 5.0, 8.0),
    ]
    shown = office.ask("/api/config?key=gate.minimum_score")
    (row,) = shown["settings"]
    assert (row["value"], row["layer"], row["set_by"]) == (60, "override", "ada@api")
    assert [one["key"] for one in shown["overrides"]] == ["gate.minimum_score", "gate.security_threshold"]
    assert office.tell("DELETE", "/api/config/gate.minimum_score?by=ada")[0] == 200
    assert [one["key"] for one in office.ask("/api/config")["overrides"]] == ["gate.security_threshold"]
    newest, *_ = office.ask("/api/config/history?key=minimum_score")["changes"]
    assert (newest["actor"], newest["action"], newest["before"], newest["after"]) == ("ada@api", "reverted", 60, 70)


def test_capacity_is_set_for_all_hosts_and_given_back(office: Office) -> None:
    wish = {"level": "high", "for": "2h", "reason": "backup runs", "by": "ada"}
    assert office.tell("PUT", "/api/capacity", wish)[0] == 200
    override = office.ask("/api/capacity")["override"]
    assert (override["value"], override["set_by"], override["reason"]) == ("high", "ada@api", "backup runs")
    assert office.tell("PUT", "/api/capacity", {"level": "auto"})[0] == 200
    assert office.ask("/api/capacity")["override"] is None
    levels = office.ask("/api/capacity")["levels"]
    assert (levels["high"]["priorities"], levels["low"]["then_priorities"]) == (["critical"], ["low"])
    assert [level["parallel"] for level in levels.values()] == [3, 3, 1]  # 5, 3 and 1, within max_parallel


@pytest.mark.parametrize("token", ["", "wrong", "wröng"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/capacity", {"level": "high", "for": "2h", "reason": "x"}),
        ("PUT", "/api/config", WISH),
        ("DELETE", "/api/config", None),
        ("DELETE", "/api/config/gate.minimum_score", None),
    ],
)
def test_nobody_changes_anything_without_the_token(
    office: Office, token: str, method: str, path: str, body: object
) -> None:
    before = office.ask("/api/config/history")
    headers = {"Authorization": f"Bearer {token}".encode()} if token else {}
    answer = office.http.request(method, f"{office.url}{path}", json=body, headers=headers, timeout=60)
    assert answer.status_code == 401
    assert "api_token of the service's state folder" in answer.json()["detail"]
    assert office.ask("/api/config/history") == before


@pytest.mark.parametrize(
    ("method", "path", "body", "reason"),
    [
        ("PUT", "/api/capacity", {"level": "high", "reason": "x"}, "say for how long high holds, such as 2h, and why"),
        ("PUT", "/api/capacity", {"level": "high", "for": "2h"}, "the reason is empty; say in a word or more why"),
        ("PUT", "/api/config", {**WISH, "for": "60d"}, "at most 7d (overrides.longest_seconds), not for 60d"),
        ("PUT", "/api/config", {**WISH, "values": {"main.state.directory": "x"}}, "it decides where the ledger is"),
        ("PUT", "/api/config", {**WISH, "values": {"timeout": 99999}}, "is longer than the whole run may take"),
        ("PUT", "/api/config", {**WISH, "values": {"minimum_scor": 6}}, "is no known key"),
    ],
)
def test_what_cannot_be_done_says_why(office: Office, method: str, path: str, body: object, reason: str) -> None:
    status, answer = office.tell(method, path, body)
    assert status == 422
    assert reason in answer["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/capacity", {"level": "highest", "for": "2h", "reason": "x"}),
        ("/api/capacity", {"level": "high", "for": "soon", "reason": "x"}),
        ("/api/config", {**WISH, "reason": " "}),
        ("/api/config", {**WISH, "values": {}}),
        ("/api/config", {**WISH, "values": {"main.intake": {"label": "x"}}}),
        ("/api/config", {**WISH, "by": "a\nb"}),
        ("/api/config", {**WISH, "surprise": 1}),
        ("/api/config", []),
    ],
    ids=json.dumps,
)
def test_a_body_of_another_form_is_refused(office: Office, path: str, body: object) -> None:
    assert office.tell("PUT", path, body)[0] == 422
    assert office.ask("/api/config")["overrides"] == []


@pytest.mark.parametrize("body", ['{"level": NaN}', '{"level": 1e999}', "{", '{"level": "\\ud800"}'])
def test_what_is_hardly_json_is_refused_in_words(office: Office, body: str) -> None:
    headers = {"Authorization": f"Bearer {api_token_file(office.state).read_text().strip()}"}
    answer = office.http.put(f"{office.url}/api/capacity", data=body, headers=headers, timeout=60)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body")


def test_a_form_is_refused_with_what_to_send(office: Office) -> None:
    headers = {"Authorization": f"Bearer {api_token_file(office.state).read_text().strip()}"}
    answer = office.http.put(f"{office.url}/api/capacity", data={"level": "high"}, headers=headers, timeout=60)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "body: send JSON, with the header Content-Type: application/json"


def test_what_is_not_changed_cannot_be_taken_back(office: Office) -> None:
    status, answer = office.tell("DELETE", "/api/config/gate.minimum_score")
    assert status == 404
    assert answer["detail"] == "gate.minimum_score is not changed at run time; GET /api/config lists what is"


def test_a_key_that_is_no_setting_is_said(office: Office) -> None:
    answer = office.http.get(f"{office.url}/api/config?key=gate.minimum_scor", timeout=60)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "gate.minimum_scor is no setting; did you mean gate.minimum_score?"


def test_the_token_is_for_our_user_alone_and_stays_over_restarts(office: Office) -> None:
    file = api_token_file(office.state)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    reveal = api_token(Settings(main=MainFile(state=office.state)))
    assert reveal is not None
    assert reveal() == before.strip()
    assert [path.name for path in file.parent.iterdir() if "token" in path.name] == ["api_token"]


def test_without_a_token_others_than_this_machine_are_not_let_in(tmp_path: Path) -> None:
    (tmp_path / "api_token").mkdir()
    state = State(directory=tmp_path)
    assert api_token(Settings(main=MainFile(state=state))) is None
    with pytest.raises(
        UsageError, match=r"api\.host 0\.0\.0\.0 is reachable for others, and there is no token to keep"
    ):
        api_token(Settings(main=MainFile(state=state, api=Api(host="0.0.0.0"))))  # noqa: S104


def test_a_token_that_is_changed_under_the_service_holds_at_once(office: Office) -> None:
    file = api_token_file(office.state)
    before = file.read_text()
    try:
        file.write_text("another-token\n")
        assert office.tell("DELETE", "/api/config", token=before.strip())[0] == 401
        assert office.tell("DELETE", "/api/config", token="another-token")[0] == 200
        file.write_text("")  # as it is for a moment while an editor writes it
        assert office.tell("DELETE", "/api/config", token="another-token")[0] == 200
        assert office.tell("DELETE", "/api/config", token=" ")[0] == 401
    finally:
        file.write_text(before)

"""The control API, by which another process arranges, watches and disturbs a forge."""

from collections.abc import Callable

import pytest
import requests

from processor.forge import Forge
from processor.forge.control.site import CALLS

NAME = "octo/demo"
Control = Callable[..., requests.Response]


@pytest.fixture
def control(forge: Forge) -> Control:
    """Return a function that sends one control request, without any token."""

    def send(method: str, path: str, **fields: object) -> requests.Response:
        return requests.request(method, f"{forge.url}/_forge/{path}", json=fields or None, timeout=60)

    return send


def test_set_up_calls_do_what_they_do_in_python(control: Control, forge: Forge) -> None:
    made = control("POST", "do/create_repository", full_name="alice/tool", files={"a.txt": "a"}, labels=["bug"])
    assert (made.status_code, made.json()["name"]) == (200, "tool")
    token = control("POST", "do/create_token", login="alice").json()
    issue = control(
        "POST", "do/open_issue", full_name="alice/tool", title="One", labels=["bug"], created_at="2026-01-01T00:00:00Z"
    ).json()
    assert (issue["number"], issue["labels"], issue["created_at"]) == (1, ["bug"], "2026-01-01T00:00:00Z")
    control("POST", "do/commit_files", full_name="alice/tool", files={"a.txt": "b"}, branch="fix")
    control("POST", "do/open_pull", full_name="alice/tool", title="Fix", head="fix", body="Fixes #1")
    merged = control("POST", "do/merge_pull", full_name="alice/tool", number=2).json()
    assert merged["pull"]["merged_at"]
    assert control("POST", "do/issue", full_name="alice/tool", number=1).json()["state"] == "closed"
    shown = requests.get(f"{forge.api_url}/user", headers={"Authorization": f"token {token}"}, timeout=60)
    assert shown.json()["login"] == "alice"


def test_mistakes_are_answered_with_what_is_wrong(control: Control) -> None:
    unknown = control("POST", "do/explode")
    assert (unknown.status_code, "there is no set-up call 'explode'" in unknown.json()["message"]) == (404, True)
    missing = control("POST", "do/open_issue", full_name=NAME)
    assert (missing.status_code, "title" in missing.json()["message"]) == (400, True)
    assert control("POST", "do/issue", full_name=NAME, number=9).status_code == 404
    assert control("POST", "faults", kind="nonsense").status_code == 400
    assert control("GET", "faults/77").status_code == 404
    assert control("GET", "nothing").status_code == 404
    assert control("GET", "faults/x").status_code == 400


def test_faults_are_added_listed_held_released_and_removed(control: Control, forge: Forge) -> None:
    added = control("POST", "faults", kind="status", endpoint="list_issues", status=500, times=None).json()
    assert (added["id"], added["kind"], added["is_reached"]) == (1, "status", False)
    assert requests.get(f"{forge.api_url}/repos/{NAME}/issues", timeout=60).status_code == 500
    listed = control("GET", "faults").json()
    assert [(fault["id"], fault["hits"], fault["is_reached"]) for fault in listed] == [(1, 1, True)]
    control("DELETE", "faults/1")
    assert requests.get(f"{forge.api_url}/repos/{NAME}/issues", timeout=60).status_code == 200
    control("POST", "faults", kind="hold", endpoint="list_issues")
    assert control("POST", "faults/2/release", abandon=True).json()["is_abandoned"] is True
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{forge.api_url}/repos/{NAME}/issues", timeout=60)
    control("DELETE", "faults")
    assert control("GET", "faults").json() == []


def test_requests_and_counts_are_shown_and_reset(control: Control, forge: Forge) -> None:
    requests.get(f"{forge.api_url}/repos/{NAME}", timeout=60)
    requests.get(f"{forge.api_url}/repos/{NAME}/issues", timeout=60)
    shown = control("GET", "requests?endpoint=list_issues").json()
    assert [(entry["method"], entry["status"], entry["login"]) for entry in shown] == [("GET", 200, "")]
    assert [entry["id"] for entry in control("GET", "requests?since_id=1").json()] == [2]
    assert control("GET", "stats").json() == {
        "requests": 2, "writes": 0, "rate_limit_spent": 2, "not_modified": 0, "pushes": 0,
    }  # fmt: skip
    control("POST", "reset")
    assert control("GET", "stats").json()["requests"] == 0


def test_the_rate_limit_is_set_from_outside(control: Control, forge: Forge) -> None:
    control("POST", "rate_limit", limit=1, login="")
    codes = [requests.get(f"{forge.api_url}/repos/{NAME}", timeout=60).status_code for _ in range(2)]
    assert codes == [200, 403]


def test_secrets_are_not_shown(control: Control, forge: Forge) -> None:
    token = forge.create_token("bot", value="ghp_secret")
    for path in ("do/users", "do/repositories"):
        assert token not in control("POST", path).text
    database = (forge.root / "forge.sqlite3").read_bytes() + (forge.root / "forge.sqlite3-wal").read_bytes()
    assert b"ghp_secret" not in database


def test_every_control_call_exists(forge: Forge) -> None:
    assert all(callable(getattr(forge, name)) for name in CALLS)

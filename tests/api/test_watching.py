"""What operators and their scripts see over HTTP, what they may do, and who is kept out."""

import os
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from fastapi import HTTPException, Request

from processor.api.door import Door
from processor.ledger import queries, runs
from processor.model import Outcome, RunState
from tests.api.serving import Serving, serving


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("watching"), allowed_hosts=["aip.example.com"]) as started:
        started.scene.finish(10, Outcome.SUCCESS)
        started.scene.finish(11, Outcome.ERROR)
        started.scene.start(12, title="Grüße 🌍 挨拶")
        for number in (13, 14, 15):
            started.scene.queue(number)
        yield started


def test_the_monitor_has_the_handbooks_keys_in_percent(api: Serving) -> None:
    shown = api.get("/api/metrics").json()
    assert shown["processing"]["total_issues_processed"] == 2
    assert shown["application"].keys() == {"total_processed", "success_rate", "avg_processing_time"}
    assert (shown["application"]["total_processed"], shown["application"]["success_rate"]) == (2, 50.0)
    assert shown["system"].keys() == {"cpu_percent", "memory_percent", "disk_usage", "load_average"}
    assert 0 < shown["system"]["memory_percent"] <= 100
    assert shown["process"]["pid"] == os.getpid()
    assert 0 < shown["process"]["memory_percent"] < 100


def test_the_queue_is_shown_in_order_of_work_page_by_page(api: Serving) -> None:
    whole = api.get("/api/queue").json()
    assert [run["issue"] for run in whole["backlog"]] == [f"octo/hello#{number}" for number in (13, 14, 15)]
    assert [run["title"] for run in whole["active"]] == ["Grüße 🌍 挨拶"]
    part = api.get("/api/queue?limit=1&offset=1").json()
    assert (part["total"], [run["issue"] for run in part["backlog"]]) == (3, ["octo/hello#14"])


def test_runs_that_ended_are_found_by_outcome(api: Serving) -> None:
    both = api.get("/api/runs?outcome=success&outcome=error").json()
    assert (both["total"], {run["issue"] for run in both["runs"]}) == (2, {"octo/hello#10", "octo/hello#11"})
    failed = api.get("/api/runs?outcome=error&outcome=timeout").json()
    assert [run["error_message"] for run in failed["runs"]] == ["agent tidy exited with code 3"]
    assert api.get("/api/runs?outcome=rejected").json()["runs"] == []


def test_one_run_is_told_with_phases_and_attempts(api: Serving) -> None:
    (run_id,) = api.get("/api/queue").json()["dead_letters"]
    run = api.get(f"/api/runs/{run_id}").json()
    assert (run["outcome"], [phase["phase"] for phase in run["phases"]]) == ("error", ["prepare", "agent"])
    listed = {one["run_id"] for one in api.get("/api/runs").json()["runs"] if one["is_dead_letter"]}
    assert listed == {run_id}
    assert run["attempt_records"][0]["error_type"] == "agent_exit"
    unknown = api.get("/api/runs/nothing")
    assert unknown.status_code == 404
    assert unknown.json()["detail"] == "there is no run nothing; GET /api/queue and /api/runs list them"


def test_a_pause_holds_until_it_is_taken_back(api: Serving) -> None:
    assert api.post("/api/pause", {"reason": "upgrade", "by": "ada"}).json() == {"paused": True, "active": 1}
    status = api.get("/api/status").json()
    assert (status["state"], status["paused"]["by"], status["paused"]["reason"]) == ("paused", "ada@api", "upgrade")
    assert api.post("/api/resume").json()["paused"] is False
    assert api.get("/api/status").json()["paused"] is None
    with api.scene.ledger.read() as db:
        newest, before, *_ = queries.audit_trail(db)
    assert [(one.actor, one.action) for one in (before, newest)] == [("ada@api", "pause"), ("somebody@api", "resume")]


def test_a_waiting_run_is_cancelled_once(api: Serving) -> None:
    run_id = api.scene.queue(20)
    assert api.post(f"/api/runs/{run_id}/cancel", {"by": "ada"}).json() == {"run_id": run_id, "has_ended": True}
    again = api.post(f"/api/runs/{run_id}/cancel")
    assert (again.status_code, again.json()["detail"]) == (
        409,
        f"run {run_id} of octo/hello#20 has ended already: cancelled",
    )
    assert api.post("/api/runs/nothing/cancel").status_code == 404


def test_an_issue_is_retried_by_the_rules(api: Serving) -> None:
    queued = api.post("/api/retry", {"issue": "Octo/Hello#1", "by": "ada"}).json()
    assert queued["issue"] == "octo/hello#1"
    with api.scene.ledger.read() as db:
        run = runs.get(db, queued["run_id"])
    assert (run.state, run.requested_by) == (RunState.QUEUED, "ada@api")
    refused = api.post("/api/retry", {"issue": "octo/hello#1"})
    assert refused.status_code == 409
    assert "is refused by the rule" in refused.json()["detail"]
    assert api.post("/api/retry", {"issue": "octo/hello#4711"}).status_code == 502
    assert api.post("/api/runs/" + queued["run_id"] + "/cancel").status_code == 200


@pytest.mark.parametrize("path", ["/api/pause", "/api/resume", "/api/retry", "/api/runs/x/cancel"])
@pytest.mark.parametrize(
    "headers", [{"X-Nothing": ""}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}]
)
def test_nobody_acts_without_the_token(api: Serving, path: str, headers: dict[str, str]) -> None:
    answer = api.post(path, {"issue": "octo/hello#1"}, **headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert api.get("/api/status").json()["paused"] is None


@pytest.mark.parametrize("name", ["localhost", "localhost:8080", "127.0.0.1", "[::1]:8080", "aip.example.com:443"])
def test_a_name_of_this_machine_or_of_our_proxy_may_look(api: Serving, name: str) -> None:
    assert api.get("/api/status", Host=name).status_code == 200


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[", "192.0.2.7"])
def test_a_name_that_was_bent_towards_us_sees_nothing_without_the_token(api: Serving, name: str) -> None:
    for path in ("/api/status", "/api/queue", "/api/config", "/api/alerts"):
        assert api.get(path, Host=name).status_code == 401
    assert api.get("/api/status", Host=name, Authorization=f"Bearer {api.token}").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
def test_a_page_of_another_site_is_refused_even_with_the_token(api: Serving, headers: dict[str, str]) -> None:
    shown = {**headers, "Authorization": f"Bearer {api.token}"}
    assert api.get("/api/status", **shown).status_code == 403
    assert api.post("/api/pause", **shown).status_code == 403
    assert api.get("/api/status").json()["paused"] is None


def test_our_own_page_may_act(api: Serving) -> None:
    own = {"Origin": api.url, "Sec-Fetch-Site": "same-origin", "Authorization": f"Bearer {api.token}"}
    assert api.post("/api/resume", **own).status_code == 200


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "offset=99999999999999999999", "limit=x"])
def test_a_page_that_does_not_exist_is_said(api: Serving, query: str) -> None:
    answer = api.get(f"/api/queue?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("query.")


@pytest.mark.parametrize(
    ("client", "name", "token", "is_let_in"),
    [
        ("127.0.0.1", "localhost", None, True),
        ("::1", "[::1]:8080", None, True),
        ("192.0.2.7", "localhost", None, False),
        ("192.0.2.7", "localhost", "open-sesame", True),
        ("192.0.2.7", "localhost", "wrong", False),
        (None, "localhost", None, False),
    ],
)
def test_from_another_machine_only_the_token_opens(
    client: str | None, name: str, token: str | None, *, is_let_in: bool
) -> None:
    headers = [(b"host", name.encode()), *([(b"authorization", f"Bearer {token}".encode())] if token else [])]
    peer = None if client is None else (client, 40000)
    request = Request({"type": "http", "method": "GET", "path": "/api/status", "headers": headers, "client": peer})
    with nullcontext() if is_let_in else pytest.raises(HTTPException, match="401"):
        Door(lambda: "open-sesame")(request)

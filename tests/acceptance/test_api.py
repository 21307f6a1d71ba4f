"""The running service is steered over HTTP, with the token that its first start left."""

from typing import Any

import requests

from tests.acceptance.system import System, wait_until


def test_a_run_is_stopped_and_tried_again_over_http(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start()
    token = (system.root / "state" / "api_token").read_text().strip() if wait_until(system.url, "the API") else ""
    wait_until((system.marks / "agent-started").exists, "the agent")

    def post(path: str, **body: str) -> Any:
        with requests.Session() as http:
            http.trust_env = False
            shown = {"Authorization": f"Bearer {token}"}
            answer = http.post(system.url() + path, json={**body, "by": "ada"}, headers=shown, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert system.get("/api/metrics")["process"]["pid"] == service.pid
    assert post("/api/pause", reason="look at it") == {"paused": True, "active": 1}
    (run,) = system.get("/api/queue")["active"]
    assert post(f"/api/runs/{run['run_id']}/cancel") == {"run_id": run["run_id"], "has_ended": False}
    assert system.wait_for_outcome(ref).outcome == "cancelled"
    (system.marks / "agent-go").touch()
    again = post("/api/retry", issue=str(ref))["run_id"]
    assert [run["run_id"] for run in system.get("/api/queue")["backlog"]] == [again]
    assert post("/api/resume")["paused"] is False
    assert system.wait_for_outcome(ref).outcome == "success"
    told = system.get(f"/api/runs/{again}")
    assert (told["requested_by"], told["pull_request_record"]["state"]) == ("ada@api", "open")
    assert system.stop(service) == 0

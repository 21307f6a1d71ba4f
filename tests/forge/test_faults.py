"""Every kind of fault, before and after the effect, on chosen calls."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from github import Github, GithubException, RateLimitExceededException
from github.Repository import Repository

from processor.forge import Forge
from tests.forge.conftest import Git

NAME = "octo/demo"
ISSUES = f"/repos/{NAME}/issues"
Http = Callable[..., requests.Response]
CLIENT = "import sys, requests; requests.post(sys.argv[1], json={'title': 'From a client that dies'}, \
headers={'Authorization': 'token ' + sys.argv[2]}, timeout=60)"


def test_a_status_comes_instead_of_the_effect_on_the_nth_call_only(forge: Forge, http: Http) -> None:
    forge.faults.add("status", "create_issue", status=502, body={"message": "Bad gateway"}, nth=2, times=2)
    answers = [http("POST", ISSUES, json={"title": str(index)}) for index in range(4)]
    assert [answer.status_code for answer in answers] == [201, 502, 502, 201]
    assert answers[1].json() == {"message": "Bad gateway"}
    assert len(forge.issues(NAME)) == 2


def test_a_status_after_the_effect_hides_it(forge: Forge, http: Http) -> None:
    forge.faults.add("status", "create_issue", status=500, when="after", retry_after_seconds=3)
    answer = http("POST", ISSUES, json={"title": "One"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (500, "3")
    assert len(forge.issues(NAME)) == 1


def test_an_unset_body_is_githubs_own(forge: Forge, http: Http) -> None:
    forge.faults.add("status", method="GET", path="/repos/*/issues*", status=503, times=None)
    assert {http("GET", ISSUES).json()["message"] for _ in range(3)} == {"Server Error"}
    assert http("GET", f"/repos/{NAME}").status_code == 200
    forge.faults.clear()
    assert http("GET", ISSUES).status_code == 200


def test_a_delay_makes_the_answer_late(forge: Forge, http: Http) -> None:
    forge.faults.add("delay", "list_issues", seconds=0.2)
    started = time.monotonic()
    assert http("GET", ISSUES).status_code == 200
    assert time.monotonic() - started >= 0.2
    forge.faults.add("delay", "get_repository", seconds=60)
    with pytest.raises(requests.Timeout):
        requests.get(f"{forge.api_url}/repos/{NAME}", timeout=0.1)


@pytest.mark.parametrize(("when", "issues"), [("before", 0), ("after", 1)])
def test_a_connection_dropped_on_either_side_of_the_effect(forge: Forge, http: Http, when: str, issues: int) -> None:
    forge.faults.add("drop", "create_issue", when=when)
    with pytest.raises(requests.ConnectionError):
        http("POST", ISSUES, json={"title": "One"})
    assert len(forge.issues(NAME)) == issues
    assert forge.requests.entries(endpoint="create_issue")[0].status == 0


def test_pygithub_without_retries_passes_a_dropped_connection_on(forge: Forge, repository: Repository) -> None:
    forge.faults.add("drop", "create_issue", when="after")
    with pytest.raises(requests.ConnectionError):
        repository.create_issue("One")
    assert len(forge.issues(NAME)) == 1


def test_a_truncated_body_ends_before_its_length(forge: Forge, http: Http) -> None:
    forge.faults.add("truncated", "list_issues")
    forge.open_issue(NAME, "An issue")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        http("GET", ISSUES)
    assert len(http("GET", ISSUES).json()) == 1


def test_the_primary_limit_lasts_until_its_reset(forge: Forge, client: Callable[[str], Github], token: str) -> None:
    forge.faults.add("rate_limit", "get_repository", reset_in_seconds=60)
    github = client(token)
    with pytest.raises(RateLimitExceededException) as caught:
        github.get_repo(NAME)
    headers = caught.value.headers or {}
    assert (caught.value.status, headers["x-ratelimit-remaining"]) == (403, "0")
    assert int(headers["x-ratelimit-reset"]) - time.time() <= 61
    assert github.get_rate_limit().rate.remaining == 0


@pytest.mark.parametrize("status", [403, 429])
def test_the_secondary_limit_says_when_to_come_back(forge: Forge, repository: Repository, status: int) -> None:
    forge.faults.add("rate_limit", "create_issue", rate_limit="secondary", retry_after_seconds=7, status=status)
    with pytest.raises(GithubException, match="secondary rate limit") as caught:
        repository.create_issue("One")
    assert (caught.value.status, (caught.value.headers or {})["retry-after"]) == (status, "7")
    assert repository.create_issue("Two").number == 1


@pytest.mark.parametrize(("when", "issues"), [("before", 0), ("after", 1)])
def test_a_held_request_waits_where_it_is_told_to(forge: Forge, http: Http, when: str, issues: int) -> None:
    hold = forge.faults.add("hold", "create_issue", when=when)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(http, "POST", ISSUES, json={"title": "One"})
        assert hold.wait_until_reached()
        assert (len(forge.issues(NAME)), answer.done()) == (issues, False)
        assert requests.get(f"{forge.api_url}{ISSUES}", timeout=60).status_code == 200
        hold.release()
        assert answer.result(60).status_code == 201
    assert len(forge.issues(NAME)) == 1


def test_a_held_request_can_be_abandoned_without_an_effect(forge: Forge, http: Http) -> None:
    hold = forge.faults.add("hold", "create_issue")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(http, "POST", ISSUES, json={"title": "One"})
        assert hold.wait_until_reached()
        hold.release(abandon=True)
        with pytest.raises(requests.ConnectionError):
            answer.result(60)
    assert forge.issues(NAME) == []


def test_a_client_can_be_killed_between_effect_and_answer(forge: Forge, token: str) -> None:
    hold = forge.faults.add("hold", "create_issue", when="after")
    with subprocess.Popen([sys.executable, "-c", CLIENT, forge.api_url + ISSUES, token]) as process:
        assert hold.wait_until_reached()
        process.kill()
    hold.release()
    assert [issue.title for issue in forge.issues(NAME)] == ["From a client that dies"]


def test_stopping_lets_go_of_what_is_held(forge: Forge, http: Http) -> None:
    hold = forge.faults.add("hold", "create_issue")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(http, "POST", ISSUES, json={"title": "One"})
        assert hold.wait_until_reached()
        forge.stop()
        with pytest.raises(requests.ConnectionError):
            answer.result(60)


def test_a_push_dropped_after_its_effect_has_arrived(forge: Forge, work: Git) -> None:
    forge.faults.add("drop", "git_push_pack", when="after")
    sha = work.commit("x.txt", "x")
    assert work.attempt("push", "origin", "HEAD:topic").returncode != 0
    assert forge.branches(NAME)["topic"] == sha
    work("push", "--quiet", "origin", "HEAD:topic")


def test_a_push_dropped_before_its_effect_has_not(forge: Forge, work: Git) -> None:
    forge.faults.add("drop", "git_push")
    work.commit("x.txt", "x")
    assert work.attempt("push", "origin", "HEAD:topic").returncode != 0
    assert "topic" not in forge.branches(NAME)


def test_a_fetch_can_fail_and_be_truncated(forge: Forge, work: Git) -> None:
    forge.commit_files(NAME, {"new.txt": "new"})
    forge.faults.add("status", "git_fetch_refs", status=503)
    assert "503" in work.attempt("fetch", "origin").stderr
    forge.faults.add("truncated", "git_fetch_pack", nth=2)
    assert work.attempt("fetch", "origin").returncode != 0
    work("fetch", "--quiet", "origin")


def test_a_fault_can_be_for_one_login_only(forge: Forge, http: Http) -> None:
    forge.faults.add("status", login="alice", status=500, times=None)
    alice = {"Authorization": f"token {forge.create_token('alice')}"}
    assert http("GET", ISSUES).status_code == 200
    assert http("GET", ISSUES, headers=alice).status_code == 500


@pytest.mark.parametrize(
    "values", [{"kind": "nonsense"}, {"kind": "drop", "nth": 0}, {"kind": "drop", "method": "G T"}]
)
def test_a_fault_that_makes_no_sense_is_refused(forge: Forge, values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"nonsense|nth and times|HTTP method"):
        forge.faults.add(**values)  # type: ignore[arg-type]

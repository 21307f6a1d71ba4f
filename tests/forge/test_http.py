"""What HTTP itself must do: tags, pages, limits, persistent connections, counts."""

import http.client
from collections.abc import Callable

import pytest
import requests
from github import Github, RateLimitExceededException

from processor.forge import Forge

NAME = "octo/demo"
Http = Callable[..., requests.Response]
ISSUES = f"/repos/{NAME}/issues"


def test_an_unchanged_answer_is_a_304_that_costs_nothing(forge: Forge, http: Http) -> None:
    forge.open_issue(NAME, "An issue")
    first = http("GET", ISSUES)
    spent = forge.stats.rate_limit_spent
    again = http("GET", ISSUES, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]
    assert (forge.stats.rate_limit_spent, forge.stats.not_modified) == (spent, 1)
    forge.comment(NAME, 1, "news")
    changed = http("GET", ISSUES, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json()[0]["comments"]) == (200, 1)
    assert forge.stats.rate_limit_spent == spent + 1


def test_tags_differ_between_pages_and_between_users(forge: Forge, http: Http) -> None:
    other = {"Authorization": f"token {forge.create_token('alice')}"}
    tags = {
        http("GET", ISSUES).headers["ETag"],
        http("GET", f"/repos/{NAME}").headers["ETag"],
        http("GET", f"/repos/{NAME}", headers=other).headers["ETag"],
    }
    assert len(tags) == 3


def test_links_lead_through_the_pages_and_keep_the_query(forge: Forge, http: Http) -> None:
    for index in range(5):
        forge.open_issue(NAME, f"{index}", labels=["a b"])
    first = http("GET", ISSUES, params={"per_page": 2, "labels": "a b"})
    assert set(first.links) == {"next", "last"}
    second = requests.get(first.links["next"]["url"], timeout=60)
    assert (set(second.links), len(second.json())) == ({"prev", "next", "last", "first"}, 2)
    last = requests.get(second.links["last"]["url"], timeout=60)
    assert (set(last.links), len(last.json())) == ({"prev", "first"}, 1)
    assert "Link" not in http("GET", ISSUES).headers


def test_a_page_holds_100_at_most(forge: Forge, http: Http) -> None:
    for index in range(101):
        forge.open_issue(NAME, f"{index}")
    assert len(http("GET", ISSUES, params={"per_page": 500}).json()) == 100
    assert len(http("GET", ISSUES, params={"per_page": "x", "page": "0"}).json()) == 30


def test_the_rate_limit_is_counted_down_and_then_refuses(forge: Forge, http: Http) -> None:
    forge.rate_limits.set(2)
    left = [http("GET", f"/repos/{NAME}").headers["X-RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    refused = http("GET", f"/repos/{NAME}")
    assert (refused.status_code, refused.headers["X-RateLimit-Remaining"]) == (403, "0")
    assert refused.json()["message"] == "API rate limit exceeded for user bot."
    shown = http("GET", "/rate_limit")
    assert (shown.status_code, shown.json()["resources"]["core"]["remaining"]) == (200, 0)
    assert requests.get(f"{forge.api_url}/repos/{NAME}", timeout=60).status_code == 200


def test_pygithub_understands_the_rate_limit(forge: Forge, client: Callable[[str], Github], token: str) -> None:
    forge.rate_limits.set(10, login="bot", used=4, reset_in_seconds=60)
    github = client(token)
    assert (github.get_rate_limit().rate.limit, github.get_rate_limit().rate.used) == (10, 4)
    forge.rate_limits.set(10, login="bot", used=10)
    with pytest.raises(RateLimitExceededException):
        github.get_repo(NAME)
    forge.reset()
    assert github.get_repo(NAME).full_name == NAME


def test_requests_writes_and_spending_are_counted_and_logged(forge: Forge, http: Http) -> None:
    http("GET", ISSUES)
    http("POST", ISSUES, json={"title": "One"})
    http("PATCH", f"{ISSUES}/1", json={"state": "closed"})
    http("GET", "/rate_limit")
    assert (forge.stats.requests, forge.stats.writes, forge.stats.rate_limit_spent) == (4, 2, 3)
    logged = [(e.method, e.path, e.endpoint, e.status, e.login, e.is_write) for e in forge.requests.entries()]
    assert logged[1] == ("POST", ISSUES, "create_issue", 201, "bot", True)
    assert [entry.is_rate_limit_spent for entry in forge.requests.entries()] == [True, True, True, False]
    assert [entry.id for entry in forge.requests.entries(endpoint="update_issue")] == [3]
    forge.reset()
    assert forge.stats.requests == 0


def test_one_connection_serves_many_requests(forge: Forge, token: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(forge.url.rpartition(":")[2]), timeout=60)
    headers = {"Authorization": f"Bearer {token}"}
    for method, path, status in (
        ("GET", f"/api/v3/repos/{NAME}", 200),
        ("HEAD", f"/api/v3/repos/{NAME}", 200),
        ("GET", "/api/v3/repos/octo/none", 404),
        ("DELETE", f"/api/v3/repos/{NAME}/labels/bug", 204),
        ("POST", "/", 405),
        ("GET", f"/api/v3/repos/{NAME}", 200),
    ):
        connection.request(method, path, body=b'{"unread": true}' if method == "POST" else None, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert (answer.status, bool(body)) == (status, method != "HEAD" and status != 204), path
    connection.close()


def test_a_body_in_chunks_is_understood(forge: Forge, http: Http) -> None:
    answer = http("POST", ISSUES, data=iter([b'{"title": ', b'"In pieces"}']))
    assert (answer.status_code, forge.issue(NAME, 1).title) == (201, "In pieces")


def test_meta_says_which_version_is_served(http: Http) -> None:
    assert http("GET", "/meta").json()["installed_version"]


def test_errors_have_githubs_body(http: Http) -> None:
    assert set(http("GET", "/repos/a/b").json()) == {"message", "documentation_url", "status"}

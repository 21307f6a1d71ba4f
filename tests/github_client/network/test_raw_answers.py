"""Answers that the forge never gives: redirects, no JSON, endless drips, pages that GitHub calls unchanged."""

import json

import pytest

from processor.errors import GitHubError, NetworkError

NAME = "octo/hello"


def reply(status, body=b"{}", *headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_renamed_repository_is_followed_with_its_query(connect, script):
    server = script(
        reply("301 Moved Permanently", b"{}", "Location: /api/v3/repositories/7/issues"),
        reply("200 OK", b"[]"),
    )
    listing = connect(base_url=f"{server.url}/api/v3").list_open_issues(NAME, "auto-processable")
    assert listing.issues == ()
    asked = server.heads[1].split(b"\r\n")[0].decode()
    assert asked.startswith("GET /api/v3/repositories/7/issues?")
    assert "labels=auto-processable" in asked
    assert "state=open" in asked


def test_a_redirect_to_another_origin_never_gets_the_token(connect, script):
    thief = script(reply("200 OK", b'{"login": "thief"}'))
    server = script(reply("302 Found", b"{}", f"Location: {thief.url}/user"))
    with pytest.raises(GitHubError, match=r"where the token is not sent; set github.base_url"):
        connect(base_url=f"{server.url}/api/v3").get_viewer()
    assert thief.heads == []


def test_a_redirect_loop_ends(connect, script):
    server = script(*[reply("307 Temporary Redirect", b"{}", "Location: /api/v3/user")] * 9)
    with pytest.raises(GitHubError, match="more than 3 times"):
        connect(base_url=f"{server.url}/api/v3").get_viewer()
    assert len(server.heads) == 4


def test_a_page_that_is_no_json_names_what_to_check(connect, script):
    server = script(reply("200 OK", b"<html>please log in</html>"))
    with pytest.raises(GitHubError, match=r"is not JSON \(200, 26 characters\); check github.base_url and the proxy"):
        connect(base_url=f"{server.url}/api/v3").get_viewer()


def test_an_error_page_that_is_no_json_is_still_its_status(connect, script):
    server = script(reply("502 Bad Gateway", b"<html>bad gateway</html>"))
    with pytest.raises(GitHubError, match=r"GitHub failed at GET /user \(502 without a message\)"):
        connect(base_url=f"{server.url}/api/v3", read_attempts=1).get_viewer()


def test_an_answer_that_drips_for_ever_ends_at_the_limit(connect, script):
    server = script(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{", drip=True)
    with pytest.raises(NetworkError, match=r"within 0.3 s"):
        connect(base_url=f"{server.url}/api/v3", timeout_seconds=0.3, read_attempts=1).get_viewer()


def test_the_token_is_in_no_address_and_the_api_version_is_named(connect, script, token):
    server = script(reply("200 OK", b'{"login": "octo"}'))
    connect(base_url=f"{server.url}/api/v3").get_viewer()
    first, _, rest = server.heads[0].decode().partition("\r\n")
    assert first == "GET /api/v3/user HTTP/1.1"
    assert f"Authorization: token {token}" in rest
    assert "X-GitHub-Api-Version: 2022-11-28" in rest
    assert "User-Agent: auto-issue-processor-a2a" in rest


def test_a_body_shorter_than_promised_is_a_network_error(connect, script):
    server = script(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", reply("200 OK", b'{"login": "octo"}'))
    with pytest.raises(NetworkError, match=r"the connection to GitHub failed at GET /user \(IncompleteRead"):
        connect(base_url=f"{server.url}/api/v3", read_attempts=1).get_viewer()


def test_a_body_in_chunks_is_read_whole(connect, script):
    server = script(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"login":\r\n7\r\n"\xc3\xb6ct"}\r\n0\r\n\r\n'
    )
    assert connect(base_url=f"{server.url}/api/v3").get_viewer().login == "öct"


def issue(number):
    return {
        "number": number,
        "title": f"issue {number}",
        "body": None,
        "labels": [],
        "user": None,
        "author_association": "NONE",
        "assignees": [],
        "locked": False,
        "state": "open",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "html_url": "https://github.com/octo/hello/issues/1",
    }


def test_a_full_page_that_github_calls_unchanged_does_not_hide_the_next(connect, script):
    full = json.dumps([issue(number) for number in range(1, 101)]).encode()
    server = script(
        reply("200 OK", full, 'ETag: "full"'),
        reply("200 OK", b"[]", 'ETag: "empty"'),
        *[reply("304 Not Modified", b"")] * 3,
        reply("200 OK", json.dumps([issue(101)]).encode(), 'ETag: "one"'),
        *[reply("304 Not Modified", b"")] * 2,
    )
    client = connect(base_url=f"{server.url}/api/v3")
    assert len(client.list_open_issues(NAME, "x").issues) == 100
    listing = client.list_open_issues(NAME, "x")
    assert [one.ref.number for one in listing.issues] == list(range(1, 102))
    assert not listing.is_unchanged


def test_pull_requests_are_looked_up_under_the_present_owner(connect, script):
    repository = {"full_name": "new/hello", "default_branch": "main", "private": False}
    server = script(reply("200 OK", json.dumps(repository).encode()), reply("200 OK", b"[]"))
    assert connect(base_url=f"{server.url}/api/v3").find_pull_requests("octo/hello", "auto-fix/issue-1") == ()
    assert b"head=new%3Aauto-fix%2Fissue-1" in server.heads[1]


def pull(number, branch, head):
    moment = "2026-01-01T00:00:00Z"
    return {
        "number": number,
        "html_url": f"https://github.com/octo/hello/pull/{number}",
        "title": "t",
        "body": None,
        "head": {"ref": branch, "sha": "a" * 40, "repo": head and {"full_name": head}},
        "base": {"ref": "main", "repo": {"full_name": "octo/hello"}},
        "state": "open",
        "created_at": moment,
        "merged_at": None,
        "closed_at": None,
    }


def test_a_pull_request_from_a_fork_is_never_taken_for_ours(connect, script):
    branch = "auto-fix/issue-1"
    found = [pull(1, branch, "mallory/hello"), pull(2, branch, None), pull(3, branch, "Octo/hello")]
    repository = {"full_name": "octo/hello", "default_branch": "main", "private": False}
    server = script(
        reply("200 OK", json.dumps(repository).encode()),
        reply("200 OK", json.dumps(found).encode()),
        reply("200 OK", json.dumps(found).encode()),
    )
    client = connect(base_url=f"{server.url}/api/v3")
    assert [one.number for one in client.find_pull_requests(NAME, branch)] == [3]
    assert [one.number for one in client.list_our_pull_requests(NAME, "auto-fix/")] == [3]


def test_netrc_and_the_process_environment_are_not_read(connect, script, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "absent.pem"))
    server = script(reply("200 OK", b'{"login": "octo"}'))
    assert connect(base_url=f"{server.url}/api/v3").get_viewer().login == "octo"

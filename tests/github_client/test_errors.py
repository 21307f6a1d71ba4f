"""Each way GitHub can refuse becomes one error of ours, which says what happened and what to do."""

import logging

import pytest

from processor.errors import (
    GitHubAuthError,
    GitHubError,
    GitHubForbidden,
    GitHubNotFound,
    NetworkError,
    UsageError,
)
from processor.model import IssueRef

NAME = "octo/hello"


def caught(action, kind):
    with pytest.raises(kind) as info:
        action()
    assert type(info.value).error_type is kind.error_type
    return str(info.value)


def test_a_wrong_token_names_where_to_put_a_right_one(connect):
    text = caught(lambda: connect(lambda: "ghp_wrong").get_viewer(), GitHubAuthError)
    assert text == (
        "GitHub did not accept the credentials for GET /user (401 Bad credentials); "
        "put a valid token into github.token_file or GITHUB_TOKEN, then run `aip check`"
    )


def test_no_token_is_said_without_asking_github(connect, forge):
    assert "there is no GitHub token" in caught(lambda: connect(lambda: " \n").get_viewer(), GitHubAuthError)
    assert forge.stats.requests == 0


def test_a_rotated_token_is_taken_up_without_a_new_client(connect, token):
    current = ["ghp_old"]
    client = connect(lambda: current[0])
    caught(client.get_viewer, GitHubAuthError)
    current[0] = f"{token}\n"
    assert client.get_viewer().login == "octo"


def test_a_token_that_is_rotated_while_it_is_used_is_read_again_and_the_write_goes_through(connect, forge, token, ref):
    held = iter(["ghp_revoked", token])
    connect(lambda: next(held, token)).create_comment(ref, "still here")
    assert len(forge.comments(NAME, 1)) == 1


def test_refused_credentials_are_known_until_there_are_others_or_github_takes_them(connect, forge, token):
    current = [token]
    client = connect(lambda: current[0])
    assert client.takes_requests
    forge.faults.add("status", "get_user", status=401, times=2)
    caught(client.get_viewer, GitHubAuthError)
    assert not client.takes_requests
    current[0] = forge.create_token("octo")
    assert client.takes_requests
    current[0] = token
    assert not client.takes_requests
    caught(client.get_viewer, GitHubAuthError)
    client.get_viewer()
    assert client.takes_requests


def test_a_missing_scope_is_named(connect, forge, ref):
    poor = forge.create_token("octo", scopes=("read:org",))
    text = caught(lambda: connect(lambda: poor).add_labels(ref, ["x"]), GitHubForbidden)
    assert "give the token the scope repo (it has: read:org)" in text


def test_a_missing_permission_is_named(connect, forge, ref):
    fine = forge.create_token("octo", scopes=None, permissions={"issues": "read"})
    text = caught(lambda: connect(lambda: fine).add_labels(ref, ["x"]), GitHubForbidden)
    assert text == (
        "the credentials may not do POST /repos/octo/hello/issues/1/labels "
        "(403 Resource not accessible by personal access token); "
        "give the token the permission issues: write, then run `aip check`"
    )


def test_an_archived_repository_is_no_matter_of_the_token(client, forge, ref):
    forge.edit_repository(NAME, is_archived=True)
    with pytest.raises(GitHubError) as info:
        client.add_labels(ref, ["x"])
    assert not isinstance(info.value, GitHubAuthError)
    assert "unarchive the repository or take it out of the settings" in str(info.value)


def test_an_absent_issue_and_a_deleted_one_are_not_found(client, forge):
    assert "(404 Not Found)" in caught(lambda: client.get_issue(IssueRef(NAME, 99)), GitHubNotFound)
    forge.delete_issue(NAME, 1)
    assert "(410 This issue was deleted)" in caught(lambda: client.get_issue(IssueRef(NAME, 1)), GitHubNotFound)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failing_github_is_asked_again_and_then_reported(connect, forge, status):
    client = connect(read_attempts=3)
    forge.faults.add("status", "get_user", status=status, times=2)
    assert client.get_viewer().login == "octo"
    assert forge.stats.requests == 3
    forge.faults.add("status", "get_user", status=status, times=None)
    text = caught(client.get_viewer, GitHubError)
    assert text.startswith(f"GitHub failed at GET /user ({status} Server Error); try again later")
    assert forge.stats.requests == 6


@pytest.mark.parametrize("status", [400, 409, 422, 451])
def test_a_refusal_is_reported_at_once_in_githubs_words(client, forge, status):
    errors = [{"resource": "Issue", "field": "title", "code": "missing_field"}, {"code": "custom", "message": "no"}]
    forge.faults.add("status", "get_user", status=status, body={"message": "Nope", "errors": errors})
    text = caught(client.get_viewer, GitHubError)
    assert text == f"GitHub refused GET /user ({status} Nope; Issue.title: missing_field; no)"
    assert forge.stats.requests == 1


def test_an_answer_of_another_shape_is_an_error_of_ours(client, forge, ref):
    forge.faults.add("status", "get_issue", status=200, body={"surprise": True})
    text = caught(lambda: client.get_issue(ref), GitHubError)
    assert "has not the shape that GitHub documents (KeyError: 'number')" in text


def test_a_server_that_is_not_there_is_a_network_error(connect):
    client = connect(base_url="http://127.0.0.1:9/api/v3", read_attempts=2)
    text = caught(client.get_viewer, NetworkError)
    assert "the connection to GitHub failed at GET /user ([Errno 111] Connection refused)" in text


def test_an_authority_file_that_is_not_there_is_named(connect, tmp_path):
    client = connect(base_url="https://127.0.0.1:9/api/v3", ca_file=tmp_path / "absent.pem")
    text = caught(client.get_viewer, NetworkError)
    assert text == "GET /user cannot be sent (OSError); check github.base_url, github.proxy and github.ca_file"


@pytest.mark.parametrize("broken", ["ghp_two\nlines", "ghp_two words", "ghp_\u00e9"])
def test_a_token_that_can_be_none_is_not_shown(connect, forge, broken):
    text = caught(connect(lambda: broken).get_viewer, GitHubAuthError)
    assert "holds blanks or characters that no token has" in text
    assert "ghp_" not in text
    assert forge.stats.requests == 0


@pytest.mark.parametrize(
    "proxy", ["http://user:secret@bad host:1", "http://user:secret@h:999999", "socks5://u:secret@h"]
)
def test_a_proxy_that_can_be_none_is_a_network_error_without_its_password(connect, proxy):
    client = connect(base_url="http://forge.test/api/v3", proxy=proxy, read_attempts=1)
    text = caught(client.get_viewer, NetworkError)
    assert "proxy" in text
    assert "secret" not in text


def test_a_base_without_a_host_is_told_at_once(connect):
    with pytest.raises(UsageError, match=r"github.base_url = https:///api/v3 names no host"):
        connect(base_url="https:///api/v3")


def test_bodies_and_tokens_reach_no_log(client, ref, token, caplog):
    caplog.set_level(logging.DEBUG)
    client.create_comment(ref, "a stranger's text")
    assert "a stranger's text" not in caplog.text
    assert token not in caplog.text
    assert [record for record in caplog.records if record.name.startswith("github")] == []

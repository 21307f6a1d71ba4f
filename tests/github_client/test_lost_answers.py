"""Broken connections: reads are tried again, a write is sent once and its caller can look whether it took effect."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from processor.errors import GitHubError, NetworkError
from processor.model import IssueRef

NAME = "octo/hello"
MARKER = "<!-- status -->"
REF = IssueRef(NAME, 1)


def open_pull(client):
    return client.create_pull_request(NAME, head="auto-fix/issue-1", base="main", title="t", body="b", draft=True)


def delete_branch(client):
    return client.delete_branch(NAME, "auto-fix/issue-1", client.get_branch_sha(NAME, "auto-fix/issue-1"))


WRITES = {
    "create_pull": (open_pull, lambda forge: len(forge.pulls(NAME))),
    "create_comment": (
        lambda client: client.upsert_comment(REF, MARKER, "done"),
        lambda forge: len(forge.comments(NAME, 1)),
    ),
    "add_labels": (
        lambda client: client.add_labels(REF, ["auto-fix"]),
        lambda forge: list(forge.issue(NAME, 1).labels).count("auto-fix"),
    ),
    "create_label": (
        lambda client: client.ensure_label(NAME, "auto-fix", "0e8a16", ""),
        lambda forge: [label.name for label in forge.labels(NAME)].count("auto-fix"),
    ),
    "remove_label": (
        lambda client: client.remove_label(REF, "p1"),
        lambda forge: 1 - list(forge.issue(NAME, 1).labels).count("p1"),
    ),
}


@pytest.fixture(autouse=True)
def branch(forge):
    forge.commit_files(NAME, {"a.txt": "a"}, branch="auto-fix/issue-1")


@pytest.mark.parametrize("endpoint", WRITES)
@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
def test_a_dropped_write_is_sent_once(client, forge, endpoint, when, effects):
    write, count = WRITES[endpoint]
    forge.faults.add("drop", endpoint, when=when)
    if endpoint == "create_label" and when == "after":
        # Looking again after the lost answer is part of `ensure`, but a lost connection is the caller's to judge.
        with pytest.raises(NetworkError):
            write(client)
    else:
        with pytest.raises(NetworkError, match="it may have taken effect: look before repeating it"):
            write(client)
    assert count(forge) == effects
    assert len(forge.requests.entries(endpoint=endpoint)) == 1


@pytest.mark.parametrize("endpoint", [name for name in WRITES if name != "create_pull"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_repeating_a_write_that_looks_first_has_exactly_one_effect(client, forge, endpoint, when):
    write, count = WRITES[endpoint]
    forge.faults.add("drop", endpoint, when=when)
    with pytest.raises(NetworkError):
        write(client)
    write(client)
    assert count(forge) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_pull_request_is_found_or_opened_by_looking_first(client, forge, when):
    forge.faults.add("drop", "create_pull", when=when)
    with pytest.raises(NetworkError):
        open_pull(client)
    found = client.find_pull_requests(NAME, "auto-fix/issue-1")
    assert len(found) == (1 if when == "after" else 0)
    if not found:
        open_pull(client)
    assert len(forge.pulls(NAME)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_deletion_can_be_repeated(client, forge, when):
    forge.faults.add("drop", "delete_ref", when=when)
    with pytest.raises(NetworkError):
        delete_branch(client)
    standing = client.get_branch_sha(NAME, "auto-fix/issue-1")
    assert (standing is None) == (when == "after")
    if standing:
        assert client.delete_branch(NAME, "auto-fix/issue-1", standing) is True
    assert client.get_branch_sha(NAME, "auto-fix/issue-1") is None


def test_a_lost_change_of_a_comment_can_be_repeated(client, forge):
    client.upsert_comment(REF, MARKER, "started")
    forge.faults.add("drop", "update_comment", when="after")
    with pytest.raises(NetworkError):
        client.upsert_comment(REF, MARKER, "done")
    client.upsert_comment(REF, MARKER, "done")
    assert [comment.body for comment in forge.comments(NAME, 1)] == [f"{MARKER}\ndone"]
    assert len(forge.requests.entries(endpoint="update_comment")) == 1


def test_a_lost_closing_of_a_pull_request_can_be_repeated(client, forge):
    number = open_pull(client).number
    forge.faults.add("drop", "update_pull", when="after")
    with pytest.raises(NetworkError):
        client.close_pull_request(NAME, number)
    assert not client.close_pull_request(NAME, number).is_open


@pytest.mark.parametrize("kind", ["drop", "truncated"])
def test_a_read_that_breaks_off_is_tried_again(connect, forge, kind):
    client = connect(read_attempts=3)
    forge.faults.add(kind, "get_issue", times=2)
    assert client.get_issue(REF).title == "greet the world"
    assert len(forge.requests.entries(endpoint="get_issue")) == 3


@pytest.mark.parametrize("kind", ["drop", "truncated"])
def test_a_read_that_keeps_breaking_off_is_a_network_error(connect, forge, kind):
    client = connect(read_attempts=2)
    forge.faults.add(kind, "get_issue", times=None)
    with pytest.raises(NetworkError, match=r"the connection to GitHub failed at GET /repos/octo/hello/issues/1 \("):
        client.get_issue(REF)
    assert len(forge.requests.entries(endpoint="get_issue")) == 2


def test_a_write_whose_answer_is_truncated_took_effect_and_is_not_repeated(client, forge):
    forge.faults.add("truncated", "create_comment")
    with pytest.raises(NetworkError, match="look before repeating it"):
        client.upsert_comment(REF, MARKER, "done")
    client.upsert_comment(REF, MARKER, "done")
    assert len(forge.comments(NAME, 1)) == 1


def test_a_read_that_takes_too_long_is_a_network_error_that_names_the_limit(connect, forge):
    client = connect(timeout_seconds=0.2, read_attempts=1)
    hold = forge.faults.add("hold", "get_issue")
    with pytest.raises(NetworkError) as caught:
        client.get_issue(REF)
    hold.release()
    assert str(caught.value) == (
        "GitHub did not answer GET /repos/octo/hello/issues/1 within 0.2 s; check the network and github.base_url"
    )


def test_a_slow_write_may_have_taken_effect(connect, forge):
    client = connect(timeout_seconds=0.2)
    hold = forge.faults.add("hold", "create_comment", when="after")
    with pytest.raises(NetworkError, match=r"within 0.2 s; it may have taken effect"):
        client.create_comment(REF, "done")
    hold.release()
    assert len(forge.comments(NAME, 1)) == 1


def test_a_write_that_fails_on_githubs_side_is_sent_once(client, forge):
    forge.faults.add("status", "create_comment", status=502, when="after")
    with pytest.raises(GitHubError, match="after a write look first whether it took effect"):
        client.upsert_comment(REF, MARKER, "done")
    assert len(forge.requests.entries(endpoint="create_comment")) == 1
    client.upsert_comment(REF, MARKER, "done")
    assert len(forge.comments(NAME, 1)) == 1


def test_waiting_for_the_next_try_ends_when_the_program_stops(connect, forge):
    stopping = []
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        stopping.append(True)

    client = connect(
        options={"sleep": sleep, "should_stop": lambda: bool(stopping)}, read_attempts=5, max_wait_seconds=60
    )
    forge.faults.add("status", "get_user", status=503, times=None)
    with pytest.raises(GitHubError, match="503"):
        client.get_viewer()
    assert len(waits) == 1
    assert len(forge.requests.entries(endpoint="get_user")) == 1


def test_a_server_that_restarts_meanwhile_is_found_again(client, forge):
    client.get_viewer()
    forge.stop()
    with pytest.raises(NetworkError):
        client.get_viewer()
    forge.start()
    assert client.get_viewer().login == "octo"


def test_a_held_request_blocks_no_other_thread(client, forge):
    hold = forge.faults.add("hold", "get_issue")
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(client.get_issue, REF)
        assert hold.wait_until_reached()
        assert client.get_viewer().login == "octo"
        hold.release()
        assert held.result(10).ref == REF

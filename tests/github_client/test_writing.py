"""Writes: each does its one thing, and a look-up before it makes doing it again harmless."""

import pytest

from processor.errors import GitHubError, PublishConflict
from processor.model import IssueRef

NAME = "octo/hello"
MARKER = "<!-- auto-issue-processor:status -->"


def test_labels_are_added_and_taken_away(client, ref):
    client.add_labels(ref, ["auto-failed"])
    assert "auto-failed" in client.list_issue_labels(ref)
    assert client.remove_label(ref, "auto-failed") is True
    assert client.remove_label(ref, "auto-failed") is False
    assert "auto-failed" not in client.list_issue_labels(ref)


@pytest.mark.parametrize("name", ["priority:high", "good first issue", "wip/later", "急ぎ"])
def test_a_label_of_any_spelling_can_be_taken_away(client, ref, name):
    client.add_labels(ref, [name])
    assert client.remove_label(ref, name)
    assert name not in client.list_issue_labels(ref)


def test_a_label_is_made_once(client, forge):
    assert client.ensure_label(NAME, "auto-fix", "0e8a16", "ours") is True
    assert client.ensure_label(NAME, "auto-fix", "#ffffff", "other words") is False
    (label,) = [label for label in forge.labels(NAME) if label.name == "auto-fix"]
    assert (label.color, label.description) == ("0e8a16", "ours")


def test_a_status_comment_is_written_once_then_changed_in_place(client, forge, ref):
    first = client.upsert_comment(ref, MARKER, f"{MARKER}\nstarted")
    second = client.upsert_comment(ref, MARKER, "done")
    assert first.id == second.id
    assert [comment.body for comment in forge.comments(NAME, 1)] == [f"{MARKER}\ndone"]


def test_an_equal_status_comment_is_not_written(client, forge, ref):
    client.upsert_comment(ref, MARKER, "done\n")
    writes = forge.stats.writes
    client.upsert_comment(ref, MARKER, "done")
    assert forge.stats.writes == writes


def test_a_strangers_comment_with_our_marker_is_left_alone(client, forge, ref):
    forge.comment(NAME, 1, f"{MARKER}\nnot theirs to say", author="mallory")
    client.upsert_comment(ref, MARKER, "done")
    assert [(one.author, one.body) for one in forge.comments(NAME, 1)] == [
        ("mallory", f"{MARKER}\nnot theirs to say"),
        ("octo", f"{MARKER}\ndone"),
    ]


def test_our_comment_is_found_behind_a_hundred_others(client, forge, ref):
    for number in range(105):
        forge.comment(NAME, 1, f"remark {number}")
    written = client.create_comment(ref, f"{MARKER}\nhere")
    assert client.find_comment(ref, MARKER).id == written.id
    assert client.find_comment(ref, "<!-- another -->") is None


def test_a_pull_request_is_opened_changed_and_closed(client, forge):
    sha = forge.commit_files(NAME, {"a.txt": "a"}, branch="auto-fix/issue-1")
    pull = client.create_pull_request(
        NAME, head="auto-fix/issue-1", base="main", title="Auto-fix: greet (#1)", body="Fixes #1", draft=True
    )
    assert (pull.head_sha, pull.is_draft, pull.is_open) == (sha, True, True)
    assert client.update_pull_request(NAME, pull.number, body="Fixes #1, twice").body == "Fixes #1, twice"
    assert forge.pull(NAME, pull.number).issue.title == "Auto-fix: greet (#1)"
    assert not client.close_pull_request(NAME, pull.number).is_open
    assert not client.get_pull_request(NAME, pull.number).is_open


def test_a_repository_without_drafts_gets_a_plain_pull_request(client, forge):
    forge.commit_files(NAME, {"a.txt": "a"}, branch="auto-fix/issue-1")
    message = "Draft pull requests are not supported in this repository."
    forge.faults.add("status", "create_pull", status=422, body={"message": "Validation Failed", "errors": [message]})
    pull = client.create_pull_request(NAME, head="auto-fix/issue-1", base="main", title="t", body="b", draft=True)
    assert not pull.is_draft
    assert len(forge.pulls(NAME)) == 1


@pytest.mark.usefixtures("pull")
def test_a_second_pull_request_of_a_branch_is_refused_in_githubs_words(client):
    with pytest.raises(GitHubError) as caught:
        client.create_pull_request(NAME, head="auto-fix/issue-1", base="main", title="t", body="b", draft=True)
    assert str(caught.value) == (
        "GitHub refused POST /repos/octo/hello/pulls "
        "(422 Validation Failed; A pull request already exists for octo:auto-fix/issue-1.)"
    )


def test_a_branch_is_deleted_where_we_left_it(client, pull):
    assert client.delete_branch(NAME, "auto-fix/issue-1", pull.pull.head_sha) is True
    assert client.delete_branch(NAME, "auto-fix/issue-1", pull.pull.head_sha) is False
    assert client.get_branch_sha(NAME, "auto-fix/issue-1") is None


def test_a_branch_that_somebody_moved_is_not_deleted(client, forge, pull):
    moved = forge.commit_files(NAME, {"more.txt": "more"}, branch="auto-fix/issue-1")
    with pytest.raises(PublishConflict, match="stands at"):
        client.delete_branch(NAME, "auto-fix/issue-1", pull.pull.head_sha)
    assert client.get_branch_sha(NAME, "auto-fix/issue-1") == moved


def test_a_title_full_of_tricks_arrives_as_it_is(client, forge):
    forge.commit_files(NAME, {"a.txt": "a"}, branch="auto-fix/issue-1")
    title = 'Auto-fix: $(rm -rf /) `id` "; DROP TABLE 日本語 \\n ../../ (#1)'
    pull = client.create_pull_request(NAME, head="auto-fix/issue-1", base="main", title=title, body="b", draft=False)
    assert forge.pull(NAME, pull.number).issue.title == title


def test_labels_of_a_pull_request_are_those_of_its_issue_side(client, pull):
    ref = IssueRef(NAME, pull.pull.number)
    client.add_labels(ref, ["auto-fix"])
    assert client.list_issue_labels(ref) == ("auto-fix",)


def test_a_body_that_github_would_refuse_for_its_length_is_cut_near_its_end(client, forge, ref, pull):
    long = "first\n" + "字" * 70_000 + "\nlast"
    client.upsert_comment(ref, "<!-- x -->", long)
    client.upsert_comment(ref, "<!-- x -->", long)
    client.update_pull_request(NAME, pull.pull.number, body=long)
    (comment,) = forge.comments(NAME, ref.number)
    for body in (comment.body, client.get_pull_request(NAME, pull.pull.number).body):
        assert len(body) == 65_536
        assert "first\n" in body[:30]
        assert "(cut here: GitHub takes no more)" in body
        assert body.endswith("\nlast")

"""Repositories are renamed and issues are transferred while we work; GitHub then redirects."""

import pytest

from processor.errors import GitHubNotFound
from processor.model import IssueRef

NAME = "octo/hello"


@pytest.fixture
def renamed(forge):
    forge.rename_repository(NAME, "octo/hallo")


@pytest.mark.usefixtures("renamed")
def test_a_renamed_repository_is_read_and_written_under_its_old_name(client, forge, ref):
    assert client.get_repository(NAME).name == "octo/hallo"
    assert client.get_repository(NAME).clone_url == forge.git_url("octo/hallo")
    assert client.get_issue(ref).ref == ref
    assert [issue.ref for issue in client.list_open_issues(NAME, "auto-processable").issues] == [ref]
    client.create_comment(ref, "hello")
    client.add_labels(ref, ["p2"])
    assert [one.body for one in forge.comments("octo/hallo", 1)] == ["hello"]
    assert "p2" in client.get_issue(ref).labels


@pytest.mark.usefixtures("pull", "renamed")
def test_our_pull_requests_of_a_renamed_repository_are_still_ours(client):
    (found,) = client.find_pull_requests(NAME, "auto-fix/issue-1")
    assert found.head_repository == NAME


@pytest.mark.usefixtures("renamed")
def test_reading_a_renamed_repository_again_costs_only_the_redirect(client, forge):
    client.list_open_issues(NAME, "auto-processable")
    spent = forge.stats.rate_limit_spent
    assert client.list_open_issues(NAME, "auto-processable").is_unchanged
    assert forge.stats.rate_limit_spent == spent + 1


@pytest.mark.parametrize("is_renamed", [False, True])
def test_a_transferred_issue_is_not_taken_for_the_one_that_was_asked_for(client, forge, ref, is_renamed):
    forge.create_repository("octo/other")
    forge.transfer_issue(NAME, ref.number, "octo/other")
    if is_renamed:
        forge.rename_repository(NAME, "octo/hallo")
    with pytest.raises(GitHubNotFound) as caught:
        client.get_issue(ref)
    assert str(caught.value) == (
        "octo/hello#1 was transferred and is octo/other#1 now; "
        "list that repository in the settings if its issues are to be processed"
    )
    assert client.get_issue(IssueRef("octo/other", 1)).title == "greet the world"
    assert client.list_open_issues(NAME, "auto-processable").issues == ()


def test_a_deleted_issue_and_issues_that_are_switched_off_are_told_apart(client, forge, ref):
    forge.delete_issue(NAME, ref.number)
    with pytest.raises(GitHubNotFound, match=r"is gone \(410 This issue was deleted\); it was deleted on GitHub"):
        client.get_issue(ref)
    forge.edit_repository(NAME, has_issues=False)
    with pytest.raises(GitHubNotFound) as caught:
        client.list_open_issues(NAME, "auto-processable")
    assert str(caught.value) == (
        "GET /repos/octo/hello/issues is gone (410 Issues has been disabled in this repository.); "
        "switch issues on in the repository's settings on GitHub, or take the repository out of ours"
    )

"""Merges are real merges in git, and close what they fix."""

from collections.abc import Callable

import pytest
import requests
from github import GithubException
from github.Repository import Repository

from processor.forge import Forge
from tests.forge.conftest import Git

NAME = "octo/demo"
Branch = Callable[..., str]


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_each_method_puts_the_change_on_the_base_branch(
    forge: Forge, repository: Repository, branch: Branch, work: Git, method: str, parents: int
) -> None:
    branch("fix")
    forge.commit_files(NAME, {"other.txt": "meanwhile\n"})
    pull = repository.create_pull(base="main", head="fix", title="Fix the greeting")
    assert not pull.is_merged()
    done = pull.merge(merge_method=method)
    assert (done.merged, done.sha) == (True, forge.branches(NAME)["main"])
    pull.update()
    assert (pull.merged, pull.state, pull.merged_by.login, pull.merge_commit_sha) == (True, "closed", "bot", done.sha)
    assert pull.is_merged()
    assert pull.changed_files == 1
    work("fetch", "--quiet", "origin")
    assert "hello" in work("show", "origin/main:app/greeting.py")
    assert work("show", "origin/main:other.txt") == "meanwhile"
    assert len(work("log", "-1", "--format=%P", "origin/main").split()) == parents


def test_merging_closes_the_issues_it_says_it_fixes(forge: Forge, repository: Repository, branch: Branch) -> None:
    for _ in range(4):
        forge.open_issue(NAME, "An issue")
    branch("fix")
    repository.create_pull(base="main", head="fix", title="Fix", body="Fixes #1, closes: #2, see #3").merge()
    assert [issue.state for issue in repository.get_issues(state="all", direction="asc")][:4] == [
        "closed", "closed", "open", "open",
    ]  # fmt: skip
    assert [event.event for event in repository.get_issue(1).get_events()] == ["closed"]


def test_a_push_to_the_default_branch_closes_what_its_messages_fix(
    forge: Forge, repository: Repository, work: Git
) -> None:
    forge.open_issue(NAME, "An issue")
    work.commit("x.txt", "x", "Resolve #1 for good\n\nResolves #1")
    work("push", "--quiet", "origin", "HEAD:main")
    assert repository.get_issue(1).state == "closed"


def test_a_branch_pushed_into_its_base_counts_as_merged(repository: Repository, branch: Branch, work: Git) -> None:
    sha = branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    work("push", "--quiet", "origin", "fix:main")
    pull.update()
    assert (pull.merged, pull.merge_commit_sha) == (True, sha)


def test_a_conflict_is_shown_and_cannot_be_merged(forge: Forge, repository: Repository, branch: Branch) -> None:
    branch("fix")
    forge.commit_files(NAME, {"app/greeting.py": "something else\n"})
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    assert (pull.mergeable, pull.mergeable_state) == (False, "dirty")
    with pytest.raises(GithubException, match="not mergeable") as caught:
        pull.merge()
    assert caught.value.status == 405
    with pytest.raises(GithubException, match="Merge conflict") as conflict:
        repository.merge("main", "fix")
    assert conflict.value.status == 409


def test_a_merge_of_a_head_that_moved_is_a_409(repository: Repository, branch: Branch) -> None:
    old = branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    branch("fix", content="newer\n")
    with pytest.raises(GithubException, match="Head branch was modified") as caught:
        pull.merge(sha=old)
    assert caught.value.status == 409


def test_drafts_and_closed_pull_requests_cannot_be_merged(forge: Forge, repository: Repository, branch: Branch) -> None:
    branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix", draft=True)
    with pytest.raises(GithubException) as caught:
        pull.merge()
    assert caught.value.status == 405
    merged = forge.merge_pull(NAME, 1, force=True)
    assert merged.pull.merged_at is not None
    with pytest.raises(GithubException):
        pull.merge()


def test_branches_merge_without_a_pull_request(repository: Repository, branch: Branch) -> None:
    branch("fix", path="new.txt")
    commit = repository.merge("main", "fix", "Join")
    assert commit is not None
    assert commit.sha == repository.get_branch("main").commit.sha
    assert repository.merge("main", "fix") is None


def test_an_unknown_merge_method_is_a_422(
    repository: Repository, branch: Branch, http: Callable[..., requests.Response]
) -> None:
    branch("fix")
    repository.create_pull(base="main", head="fix", title="Fix")
    answer = http("PUT", "/repos/octo/demo/pulls/1/merge", json={"merge_method": "octopus"})
    assert answer.status_code == 422

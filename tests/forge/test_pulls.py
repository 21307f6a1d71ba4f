"""Pull requests through PyGithub and real git: opened, followed, reviewed, refused."""

from collections.abc import Callable

import pytest
import requests
from github import GithubException, UnknownObjectException
from github.Repository import Repository

from processor.forge import Forge
from tests.forge.conftest import Git

NAME = "octo/demo"
Branch = Callable[..., str]


def test_an_opened_pull_request_shows_its_branches_size_and_state(
    forge: Forge, repository: Repository, branch: Branch
) -> None:
    sha = branch("auto-fix/1")
    pull = repository.create_pull(base="main", head="octo:auto-fix/1", title="Auto-fix", body="Fixes #1", draft=True)
    assert (pull.number, pull.draft, pull.state, pull.merged) == (1, True, "open", False)
    assert (pull.head.ref, pull.head.sha, pull.head.label) == ("auto-fix/1", sha, "octo:auto-fix/1")
    assert (pull.base.ref, pull.base.sha) == ("main", forge.branches(NAME)["main"])
    assert (pull.commits, pull.additions, pull.deletions, pull.changed_files) == (1, 1, 1, 1)
    assert (pull.mergeable, pull.mergeable_state, pull.user.login) == (True, "draft", "bot")
    assert pull.html_url == f"{forge.url}/{NAME}/pull/1"
    assert pull.as_issue().pull_request.html_url == pull.html_url


def test_its_files_and_commits_are_those_of_the_branch(repository: Repository, branch: Branch, work: Git) -> None:
    branch("fix")
    work("mv", "README.md", "READ ME.md")
    work("commit", "--quiet", "-m", "Rename")
    (work.folder / "logo.bin").write_bytes(bytes(range(256)))
    (work.folder / "odd\tname\n.py").write_text("x = 1\n")
    work("add", "-A")
    work("commit", "--quiet", "-m", "Add")
    work("push", "--quiet", "origin", "fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    files = {file.filename: file for file in pull.get_files()}
    assert {name: file.status for name, file in files.items()} == {
        "READ ME.md": "renamed",
        "app/greeting.py": "modified",
        "logo.bin": "added",
        "odd\tname\n.py": "added",
    }
    assert files["READ ME.md"].previous_filename == "README.md"
    greeting = files["app/greeting.py"]
    assert greeting.patch == '@@ -1,2 +1,2 @@\n def greet():\n-    return "helo"\n+    return "hello"'
    assert (greeting.additions, greeting.deletions, greeting.changes) == (1, 1, 2)
    assert files["logo.bin"].patch is None
    assert [commit.commit.message for commit in pull.get_commits()] == ["Change app/greeting.py", "Rename", "Add"]


def test_pull_requests_are_listed_by_state_head_and_base(forge: Forge, repository: Repository, branch: Branch) -> None:
    for name in ("one", "two"):
        branch(name)
        repository.create_pull(base="main", head=name, title=name)
    forge.close_pull(NAME, 1)
    assert [pull.number for pull in repository.get_pulls()] == [2]
    assert [pull.number for pull in repository.get_pulls(state="all")] == [2, 1]
    assert [pull.number for pull in repository.get_pulls(state="all", head="octo:one")] == [1]
    assert [pull.number for pull in repository.get_pulls(base="other")] == []
    assert [pull.number for pull in repository.get_pulls(state="all", sort="created", direction="asc")] == [1, 2]


def test_issues_are_listed_together_with_pull_requests(forge: Forge, repository: Repository, branch: Branch) -> None:
    forge.open_issue(NAME, "An issue")
    branch("fix")
    repository.create_pull(base="main", head="fix", title="A pull request")
    found = {issue.number: issue.pull_request is not None for issue in repository.get_issues()}
    assert found == {1: False, 2: True}
    assert [issue.number for issue in forge.issues(NAME)] == [1]
    with pytest.raises(UnknownObjectException):
        repository.get_pull(1)


def test_the_head_follows_pushes_to_its_branch(forge: Forge, repository: Repository, branch: Branch) -> None:
    first = branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    second = branch("fix", content="def greet():\n    return 'hi'\n")
    assert second != first
    pull.update()
    assert pull.head.sha == second
    assert "head_ref_force_pushed" in [event.event for event in forge.events(NAME, 1)]


def test_deleting_the_head_branch_closes_the_pull_request_and_keeps_its_data(
    repository: Repository, branch: Branch, work: Git
) -> None:
    sha = branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    work("push", "--quiet", "origin", ":fix")
    pull.update()
    assert (pull.state, pull.merged, pull.head.sha) == ("closed", False, sha)
    assert [file.filename for file in pull.get_files()] == ["app/greeting.py"]
    with pytest.raises(GithubException) as caught:
        pull.edit(state="open")
    assert caught.value.status == 422


def test_title_body_base_and_state_can_be_changed(repository: Repository, branch: Branch) -> None:
    branch("fix")
    repository.create_git_ref("refs/heads/stable", repository.get_branch("main").commit.sha)
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    pull.edit(title="Better", body="Why", base="stable", state="closed")
    pull.update()
    assert (pull.title, pull.body, pull.base.ref, pull.state) == ("Better", "Why", "stable", "closed")
    pull.edit(state="open")
    assert repository.get_pull(1).state == "open"


@pytest.mark.parametrize(
    ("head", "base", "error"),
    [
        ("fix", "main", {"code": "custom", "message": "A pull request already exists for octo:fix."}),
        ("same", "main", {"code": "custom", "message": "No commits between main and same"}),
        ("missing", "main", {"code": "invalid", "field": "head"}),
        ("fix", "missing", {"code": "invalid", "field": "base"}),
        ("stranger:fix", "main", {"code": "invalid", "field": "head"}),
    ],
)
def test_a_pull_request_that_cannot_be_is_a_422(
    repository: Repository, branch: Branch, head: str, base: str, error: dict[str, str]
) -> None:
    branch("fix")
    repository.create_pull(base="main", head="fix", title="Fix")
    repository.create_git_ref("refs/heads/same", repository.get_branch("main").commit.sha)
    with pytest.raises(GithubException) as caught:
        repository.create_pull(base=base, head=head, title="Again")
    assert caught.value.status == 422
    assert caught.value.data["message"] == "Validation Failed"
    assert caught.value.data["errors"] == [{"resource": "PullRequest", **error}]


def test_reviews_are_listed_in_order(forge: Forge, repository: Repository, branch: Branch) -> None:
    sha = branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    forge.review_pull(NAME, 1, author="alice", state="CHANGES_REQUESTED", body="no")
    forge.review_pull(NAME, 1, author="alice")
    found = [(review.user.login, review.state, review.commit_id) for review in pull.get_reviews()]
    assert found == [("alice", "CHANGES_REQUESTED", sha), ("alice", "APPROVED", sha)]
    with pytest.raises(GithubException, match="approve your own") as caught:
        pull.create_review(event="APPROVE")
    assert caught.value.status == 422
    assert pull.create_review(body="a note", event="COMMENT").state == "COMMENTED"


def test_reviewers_can_be_asked(repository: Repository, branch: Branch, forge: Forge) -> None:
    forge.create_user("alice")
    branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    pull.create_review_request(reviewers=["alice"])
    assert [user.login for user in repository.get_pull(1).requested_reviewers] == ["alice"]


def test_a_pull_request_takes_labels_and_comments_like_an_issue(repository: Repository, branch: Branch) -> None:
    branch("fix")
    pull = repository.create_pull(base="main", head="fix", title="Fix")
    pull.add_to_labels("automated")
    pull.create_issue_comment("Done")
    pull.update()
    assert ([label.name for label in pull.labels], pull.comments) == (["automated"], 1)


def test_the_draft_flag_is_refused_when_it_is_no_flag(http: Callable[..., requests.Response]) -> None:
    fields = {"title": "x", "head": "a", "base": "main", "draft": "yes"}
    answer = http("POST", "/repos/octo/demo/pulls", json=fields)
    assert (answer.status_code, "is not a boolean" in answer.json()["message"]) == (422, True)

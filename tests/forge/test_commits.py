"""Commits, statuses, check runs, branches and refs."""

from collections.abc import Callable

import pytest
import requests
from github import GithubException, UnknownObjectException
from github.Repository import Repository

from processor.forge import Forge
from tests.forge.conftest import Git

NAME = "octo/demo"
Branch = Callable[..., str]


def test_a_commit_shows_author_message_parents_and_files(repository: Repository, branch: Branch) -> None:
    sha = branch("fix")
    commit = repository.get_commit(sha)
    assert (commit.sha, commit.commit.message) == (sha, "Change app/greeting.py")
    assert (commit.commit.author.name, commit.commit.author.email) == ("Tester", "tester@localhost")
    assert [parent.sha for parent in commit.parents] == [repository.get_branch("main").commit.sha]
    assert [file.filename for file in commit.files] == ["app/greeting.py"]
    assert (commit.stats.total, commit.stats.additions) == (2, 1)
    assert repository.get_commit("fix").sha == sha
    assert repository.get_git_commit(sha).message == "Change app/greeting.py"


def test_the_first_commit_shows_its_files_as_added(repository: Repository) -> None:
    files = repository.get_commit("main").files
    assert {file.filename: file.status for file in files} == {"README.md": "added", "app/greeting.py": "added"}


def test_commits_are_listed_by_branch_and_path(forge: Forge, repository: Repository) -> None:
    forge.commit_files(NAME, {"a.txt": "1"}, message="one")
    forge.commit_files(NAME, {"b.txt": "2"}, message="two", branch="side")
    assert [commit.commit.message for commit in repository.get_commits(sha="side")] == ["two", "one", "Initial commit"]
    assert [commit.commit.message for commit in repository.get_commits(path="a.txt")] == ["one"]


def test_an_unknown_commit_is_a_422(repository: Repository) -> None:
    with pytest.raises(GithubException, match="No commit found") as caught:
        repository.get_commit("0" * 40)
    assert caught.value.status == 422


def test_the_newest_status_of_each_context_counts(forge: Forge, repository: Repository) -> None:
    commit = repository.get_commit("main")
    assert (commit.get_combined_status().state, commit.get_combined_status().total_count) == ("pending", 0)
    commit.create_status("pending", context="ci", description="running")
    commit.create_status("success", context="ci")
    assert commit.get_combined_status().state == "success"
    forge.set_status(NAME, commit.sha, state="failure", context="lint")
    combined = commit.get_combined_status()
    assert (combined.state, {status.context: status.state for status in combined.statuses}) == (
        "failure", {"ci": "success", "lint": "failure"},
    )  # fmt: skip
    assert commit.get_statuses().totalCount == 3


def test_a_status_needs_a_known_state_and_commit(
    repository: Repository, http: Callable[..., requests.Response]
) -> None:
    sha = repository.get_branch("main").commit.sha
    assert http("POST", f"/repos/octo/demo/statuses/{sha}", json={"state": "fine"}).status_code == 422
    assert http("POST", f"/repos/octo/demo/statuses/{'0' * 40}", json={"state": "success"}).status_code == 422


def test_check_runs_are_listed_with_their_conclusions(forge: Forge, repository: Repository) -> None:
    commit = repository.get_commit("main")
    forge.add_check_run(NAME, commit.sha, name="build", status="in_progress")
    assert [(run.name, run.status, run.conclusion) for run in commit.get_check_runs()] == [
        ("build", "in_progress", None),
    ]  # fmt: skip
    forge.add_check_run(NAME, commit.sha, name="build", conclusion="failure")
    repository.create_check_run("lint", commit.sha, conclusion="success")
    found = {run.name: run.conclusion for run in commit.get_check_runs()}
    assert found == {"build": "failure", "lint": "success"}


def test_branches_and_refs_are_made_moved_listed_and_deleted(forge: Forge, repository: Repository) -> None:
    main = repository.get_branch("main").commit.sha
    repository.create_git_ref("refs/heads/topic/one", main)
    newer = forge.commit_files(NAME, {"n.txt": "n"})
    assert {found.name for found in repository.get_branches()} == {"main", "topic/one"}
    ref = repository.get_git_ref("heads/topic/one")
    ref.edit(newer)
    assert repository.get_branch("topic/one").commit.sha == newer
    with pytest.raises(GithubException, match="not a fast forward"):
        ref.edit(main)
    ref.edit(main, force=True)
    assert [found.ref for found in repository.get_git_refs()] == ["refs/heads/main", "refs/heads/topic/one"]
    assert [found.ref for found in repository.get_git_matching_refs("heads/topic")] == ["refs/heads/topic/one"]
    ref.delete()
    with pytest.raises(GithubException, match="Branch not found") as caught:
        repository.get_branch("topic/one")
    assert caught.value.status == 404
    with pytest.raises(UnknownObjectException):
        repository.get_git_ref("heads/topic/one")


@pytest.mark.parametrize(
    ("ref", "sha", "message"),
    [
        ("refs/heads/main", None, "Reference already exists"),
        ("refs/heads/new", "0" * 40, "Object does not exist"),
        ("heads/new", None, "is not a valid ref name"),
        ("refs/heads/a..b", None, "is not a valid ref name"),
    ],
)
def test_a_ref_that_cannot_be_is_a_422(repository: Repository, ref: str, sha: str | None, message: str) -> None:
    with pytest.raises(GithubException, match=message) as caught:
        repository.create_git_ref(ref, sha or repository.get_branch("main").commit.sha)
    assert caught.value.status == 422


def test_packed_refs_are_found_too(forge: Forge, repository: Repository, branch: Branch) -> None:
    sha = branch("fix")
    forge.world.repositories.bare(forge.world.repositories.get(NAME)).run("pack-refs", "--all")
    assert repository.get_branch("fix").commit.sha == sha
    newer = branch("fix", content="newer\n")
    assert repository.get_branch("fix").commit.sha == newer


def test_files_are_read_at_a_branch(repository: Repository, branch: Branch) -> None:
    branch("fix")
    assert b"helo" in repository.get_contents("app/greeting.py").decoded_content  # type: ignore[union-attr]
    assert b"hello" in repository.get_contents("app/greeting.py", ref="fix").decoded_content  # type: ignore[union-attr]
    with pytest.raises(UnknownObjectException):
        repository.get_contents("nothing.py")


def test_branches_are_compared(repository: Repository, branch: Branch) -> None:
    branch("fix")
    found = repository.compare("main", "fix")
    assert (found.status, found.ahead_by, found.behind_by) == ("ahead", 1, 0)
    assert [file.filename for file in found.files] == ["app/greeting.py"]


def test_a_repository_is_made_from_a_git_folder_a_plain_folder_and_a_bare_one(forge: Forge, work: Git) -> None:
    work("branch", "side")
    forge.create_repository("octo/copy", source=work.folder)
    assert forge.branches("octo/copy") == {"main": work("rev-parse", "main"), "side": work("rev-parse", "side")}
    (work.folder / ".git").rename(work.folder.parent / "moved.git")
    forge.create_repository("octo/plain", source=work.folder)
    assert list(forge.branches("octo/plain")) == ["main"]
    Git(work.folder.parent)("clone", "--quiet", "--bare", forge.git_url("octo/plain"), "bare.git")
    forge.create_repository("octo/bare", source=work.folder.parent / "bare.git")
    assert forge.branches("octo/bare") == forge.branches("octo/plain")


def test_a_repository_name_can_be_taken_only_once(forge: Forge) -> None:
    with pytest.raises(Exception, match="already_exists"):
        forge.create_repository("OCTO/demo")

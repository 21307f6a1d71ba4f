"""Fetch and push with real git over HTTP, with and without the right to."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import requests
from github.Repository import Repository

from processor.forge import Forge
from tests.forge.conftest import Git

NAME = "octo/demo"


def url_with(forge: Forge, token: str, name: str = NAME) -> str:
    return forge.git_url(name).replace("http://", f"http://x-access-token:{token}@")


def test_anyone_may_clone_a_public_repository(forge: Forge, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "--quiet", forge.git_url(NAME), "copy")
    assert "helo" in (tmp_path / "copy/app/greeting.py").read_text()


def test_a_bare_mirror_is_fetched_again_and_sees_new_commits(forge: Forge, tmp_path: Path) -> None:
    Git(tmp_path)("clone", "--quiet", "--mirror", forge.git_url(NAME), "mirror.git")
    sha = forge.commit_files(NAME, {"new.txt": "new"})
    Git(tmp_path / "mirror.git")("fetch", "--quiet", "--prune")
    assert Git(tmp_path / "mirror.git")("rev-parse", "main") == sha


def test_one_commit_is_fetched_by_its_sha(forge: Forge, tmp_path: Path) -> None:
    sha = forge.branches(NAME)["main"]
    forge.commit_files(NAME, {"new.txt": "new"})
    Git(tmp_path)("init", "--quiet")
    Git(tmp_path)("fetch", "--quiet", "--depth=1", forge.git_url(NAME), sha)
    assert Git(tmp_path)("rev-parse", "FETCH_HEAD") == sha


def test_pushing_without_a_token_asks_for_one(forge: Forge, work: Git) -> None:
    work.commit("x.txt", "x")
    done = work.attempt("push", forge.git_url(NAME), "HEAD:x")
    assert done.returncode != 0
    assert "could not read Username" in done.stderr
    answer = requests.get(f"{forge.git_url(NAME)}/info/refs?service=git-receive-pack", timeout=60)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitHub"')


def test_a_private_repository_asks_strangers_for_a_token_and_hides_from_others(forge: Forge, tmp_path: Path) -> None:
    forge.create_repository("octo/secret", is_private=True, collaborators={"bot": "read"})
    git = Git(tmp_path)
    assert "could not read Username" in git.attempt("ls-remote", forge.git_url("octo/secret")).stderr
    mallory = git.attempt("ls-remote", url_with(forge, forge.create_token("mallory"), "octo/secret"))
    assert "not found" in mallory.stderr
    wrong = git.attempt("ls-remote", url_with(forge, "ghp_wrong", "octo/secret"))
    assert "Authentication failed" in wrong.stderr
    assert "refs/heads/main" in git("ls-remote", url_with(forge, forge.create_token("bot"), "octo/secret"))


def test_a_token_without_the_right_to_write_is_refused_with_403(forge: Forge, work: Git) -> None:
    work.commit("x.txt", "x")
    for token in (
        forge.create_token("mallory"),
        forge.create_token("bot", scopes=[]),
        forge.create_token("bot", permissions={"contents": "read", "issues": "write"}),
    ):
        done = work.attempt("push", url_with(forge, token), "HEAD:x")
        assert done.returncode != 0
        assert "403" in done.stderr
        assert "Permission to octo/demo.git denied" in done.stderr
    work("push", "--quiet", url_with(forge, forge.create_token("bot", permissions={"contents": "write"})), "HEAD:x")


def test_a_push_is_seen_by_rest_at_once(repository: Repository, work: Git) -> None:
    for index in range(3):
        sha = work.commit("x.txt", str(index))
        work("push", "--quiet", "origin", "HEAD:topic")
        assert repository.get_branch("topic").commit.sha == sha


def test_a_push_that_is_no_fast_forward_needs_force(forge: Forge, work: Git) -> None:
    work.commit("x.txt", "one")
    work("push", "--quiet", "origin", "HEAD:topic")
    work("reset", "--quiet", "--hard", "origin/main")
    sha = work.commit("x.txt", "two")
    refused = work.attempt("push", "origin", "HEAD:topic")
    assert refused.returncode != 0
    assert "rejected" in refused.stderr
    stale = work.attempt("push", f"--force-with-lease=topic:{sha}", "origin", "HEAD:topic")
    assert "stale info" in stale.stderr
    work("push", "--quiet", "--force", "origin", "HEAD:topic")
    assert forge.branches(NAME)["topic"] == sha


def test_a_protected_branch_refuses_pushes(forge: Forge, work: Git) -> None:
    forge.edit_repository(NAME, protected_branches=("main",))
    before = forge.branches(NAME)["main"]
    work.commit("x.txt", "x")
    done = work.attempt("push", "origin", "HEAD:main")
    assert done.returncode != 0
    assert "GH006: Protected branch update failed for refs/heads/main" in done.stderr
    assert forge.branches(NAME)["main"] == before
    work("push", "--quiet", "origin", "HEAD:other")


def test_pull_request_refs_can_be_fetched_but_not_pushed(
    forge: Forge, repository: Repository, branch: Callable[..., str], work: Git
) -> None:
    sha = branch("fix")
    repository.create_pull(base="main", head="fix", title="Fix")
    work("fetch", "--quiet", "origin", "refs/pull/1/head")
    assert work("rev-parse", "FETCH_HEAD") == sha
    assert work.attempt("push", "origin", "HEAD:refs/pull/1/head").returncode != 0
    assert len(forge.pulls(NAME)) == 1


def test_big_pushes_come_in_chunks_and_arrive_whole(forge: Forge, work: Git, tmp_path: Path) -> None:
    (work.folder / "big.bin").write_bytes(os.urandom(3_000_000))
    work("add", "-A")
    work("commit", "--quiet", "-m", "Big")
    work("-c", "http.postBuffer=65536", "push", "--quiet", "origin", "HEAD:big")
    Git(tmp_path)("clone", "--quiet", "--branch", "big", forge.git_url(NAME), "again")
    assert (tmp_path / "again/big.bin").read_bytes() == (work.folder / "big.bin").read_bytes()


def test_a_compressed_request_body_is_understood(forge: Forge) -> None:
    asked = gzip.compress(b"0014command=ls-refs\n00010009peel\n0000")
    headers = {
        "Content-Encoding": "gzip",
        "Git-Protocol": "version=2",
        "Content-Type": "application/x-git-upload-pack-request",
    }
    answer = requests.post(f"{forge.git_url(NAME)}/git-upload-pack", data=asked, headers=headers, timeout=60)
    assert answer.status_code == 200
    assert b"refs/heads/main" in answer.content


def test_pushes_count_as_writes_and_fetches_do_not(forge: Forge, work: Git) -> None:
    forge.reset()
    work("fetch", "--quiet", "origin")
    assert (forge.stats.writes, forge.stats.pushes) == (0, 0)
    work.commit("x.txt", "x")
    work("push", "--quiet", "origin", "HEAD:topic")
    assert (forge.stats.writes, forge.stats.pushes, forge.stats.rate_limit_spent) == (1, 1, 0)
    pushed = forge.requests.entries(endpoint="git_push_pack")[0]
    assert (pushed.login, pushed.method, pushed.status) == ("bot", "POST", 200)


def test_a_repository_that_is_not_there_is_not_found(forge: Forge, token: str, tmp_path: Path) -> None:
    assert "not found" in Git(tmp_path).attempt("ls-remote", url_with(forge, token, "octo/none")).stderr
    assert requests.get(f"{forge.url}/octo/demo.git/HEAD", timeout=60).status_code == 404

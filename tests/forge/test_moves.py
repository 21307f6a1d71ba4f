"""Renamed repositories and transferred issues answer with GitHub's redirects, over REST and git."""

from collections.abc import Callable
from pathlib import Path

import requests
from github import Github

from processor.forge import Forge
from tests.forge.conftest import NAME, Git

NEW_NAME = "octo/renamed"


def test_a_former_name_is_redirected_by_number_with_its_query(forge: Forge, token: str) -> None:
    number = forge.rename_repository(NAME, NEW_NAME).id
    headers = {"Authorization": f"Bearer {token}"}
    former, there = f"{forge.api_url}/repos/Octo/Demo/labels", f"{forge.api_url}/repositories/{number}/labels"
    read = requests.get(f"{former}?per_page=1", headers=headers, allow_redirects=False, timeout=60)
    assert (read.status_code, read.headers["Location"]) == (301, f"{there}?per_page=1")
    assert (read.json()["message"], read.json()["url"]) == ("Moved Permanently", f"{there}?per_page=1")
    write = requests.post(former, headers=headers, allow_redirects=False, timeout=60)
    assert (write.status_code, write.headers["Location"]) == (307, there)
    assert [label["name"] for label in requests.get(there, headers=headers, timeout=60).json()] == ["bug"]


def test_a_former_name_that_is_taken_is_no_redirect(forge: Forge, token: str, client: Callable[[str], Github]) -> None:
    forge.rename_repository(NAME, NEW_NAME)
    forge.create_repository(NAME, description="the new one")
    assert client(token).get_repo(NAME).description == "the new one"
    assert client(token).get_repo(NEW_NAME).full_name == NEW_NAME


def test_a_transferred_issue_goes_on_elsewhere_with_its_labels(
    forge: Forge, token: str, client: Callable[[str], Github]
) -> None:
    forge.create_repository("octo/other")
    forge.open_issue("octo/other", "first")
    here = forge.open_issue(NAME, "move me", "please", labels=["p1"])
    there = forge.transfer_issue(NAME, here.number, "octo/other")
    found = client(token).get_repo(NAME).get_issue(here.number)
    assert (found.number, found.title, found.body) == (there.number, "move me", "please")
    assert [label.name for label in found.labels] == ["p1"]
    assert list(client(token).get_repo(NAME).get_issues(state="all")) == []


def test_git_follows_a_rename_for_fetch_and_push(forge: Forge, token: str, tmp_path: Path) -> None:
    url = forge.git_url(NAME).replace("http://", f"http://x-access-token:{token}@")
    Git(tmp_path)("clone", "--quiet", url, "copy")
    forge.rename_repository(NAME, NEW_NAME)
    git = Git(tmp_path / "copy")
    git.commit("new.txt", "new")
    git("push", "--quiet", "origin", "HEAD:refs/heads/later")
    git("fetch", "--quiet", "origin")
    assert "later" in forge.branches(NEW_NAME)


def test_moves_outlast_a_restart(tmp_path: Path) -> None:
    with Forge(tmp_path / "again") as forge:
        forge.create_repository(NAME)
        forge.create_repository("octo/other")
        forge.open_issue(NAME, "move me")
        forge.transfer_issue(NAME, 1, "octo/other")
        forge.rename_repository(NAME, NEW_NAME)
    with Forge(tmp_path / "again") as forge:
        found = requests.get(f"{forge.api_url}/repos/{NAME}/issues/1", timeout=60)
        assert [hop.status_code for hop in found.history] == [301, 301]
        assert found.json()["repository_url"] == f"{forge.api_url}/repos/octo/other"

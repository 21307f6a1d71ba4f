"""The access report says before the first run what would fail later."""

import re
import time

import pytest

from processor.errors import NetworkError
from processor.github_client import AccessState, check_access
from processor.operations.self_check.github_state import check_github

NAME = "octo/hello"


def found(report):
    return {item.name: item for item in report.items}


def failed(report):
    return {item.name for item in report.items if item.state is AccessState.FAILED}


def test_good_credentials_pass_and_nothing_is_written(client, forge):
    report = check_access(client, NAME)
    assert report.is_ok
    assert all(item.state is AccessState.OK for item in report.items)
    assert forge.stats.writes == 0


def test_a_wrong_token_ends_the_report_with_a_remedy(connect):
    report = check_access(connect(lambda: "ghp_wrong"), NAME)
    (item,) = report.items
    assert (item.name, item.state) == ("credentials", AccessState.FAILED)
    assert item.remedy == "make a new token on GitHub and put it into github.token_file or GITHUB_TOKEN"


def test_an_unknown_repository_ends_the_report(client):
    report = check_access(client, "octo/absent")
    assert failed(report) == {"repository"}
    assert len(report.items) == 2


def test_a_token_without_scopes_is_told_which_to_take(connect, forge):
    poor = forge.create_token("octo", scopes=("read:org",))
    report = check_access(connect(lambda: poor), NAME)
    assert failed(report) == {"permissions"}
    assert found(report)["permissions"].remedy == "make a token with the scope public_repo or repo"


def test_public_repo_is_enough_for_a_public_repository_only(connect, forge):
    public = forge.create_token("octo", scopes=("public_repo",))
    assert check_access(connect(lambda: public), NAME).is_ok


def test_an_account_that_may_only_read_cannot_push(connect, forge):
    guest = forge.create_token("guest")
    report = check_access(connect(lambda: guest), NAME)
    assert failed(report) == {"push"}
    assert found(report)["push"].detail == f"guest may not push to {NAME}"


def test_an_archived_repository_without_issues_fails_twice(client, forge):
    forge.edit_repository(NAME, is_archived=True, has_issues=False)
    assert failed(check_access(client, NAME)) == {"archived", "issues"}


def test_a_fine_grained_token_is_tried_by_reading_and_warned_about(connect, forge):
    forge.create_repository("octo/private", is_private=True)
    fine = forge.create_token("octo", scopes=None, permissions={"contents": "write", "issues": "write"})
    report = check_access(connect(lambda: fine), "octo/private")
    assert found(report)["permissions"].state is AccessState.WARNING
    assert failed(report) == {"read pull requests"}
    assert found(report)["read pull requests"].remedy == "give the token the permission pull requests: read and write"


def test_a_network_that_fails_says_nothing_of_the_credentials(connect):
    with pytest.raises(NetworkError):
        check_access(connect(base_url="http://127.0.0.1:9/api/v3", read_attempts=1), NAME)


@pytest.mark.parametrize(
    ("ahead", "state", "detail"),
    [
        (0, "ok", r"agrees with GitHub's"),
        (3600, "failed", r"3[56]\d\d s ahead of GitHub's"),
        (-3600, "failed", r"3[56]\d\d s behind GitHub's"),
    ],
)
def test_a_clock_that_is_not_githubs_is_found(connect, ahead: float, state: str, detail: str) -> None:
    client = connect(options={"clock": lambda: time.time() + ahead})
    (found,) = [item for item in check_github(client, ["octo/hello"]) if item.name == "clock"]
    assert found.state == state
    assert re.fullmatch(detail, found.detail)
    assert ("set-ntp" in found.remedy) == (state == "failed")

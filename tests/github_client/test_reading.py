"""What the client reads is what stands on GitHub."""

from datetime import UTC, datetime

import pytest

from processor.errors import GitHubNotFound, UsageError
from processor.forge import Forge
from processor.github_client import Viewer
from processor.model import CiState, IssueRef, ReviewState

NAME = "octo/hello"
LABEL = "auto-processable"


def test_the_viewer_of_a_classic_token_has_its_scopes(client):
    assert client.get_viewer() == Viewer(login="octo", scopes=("repo",), is_app=False)


def test_a_fine_grained_token_shows_no_scopes(connect, forge):
    fine = forge.create_token("octo", scopes=None, permissions={"issues": "read", "contents": "read"})
    assert connect(lambda: fine).get_viewer().scopes is None


def test_a_repository_is_read_with_its_rights(client, forge):
    info = client.get_repository(NAME)
    assert (info.name, info.default_branch, info.clone_url) == (NAME, "main", f"{forge.url}/{NAME}.git")
    assert (info.is_private, info.can_push, info.has_issues, info.is_archived) == (False, True, True, False)


def test_a_reader_cannot_push(connect, forge):
    reader = forge.create_token("guest")
    assert not connect(lambda: reader).get_repository(NAME).can_push


def test_the_clone_address_stays_on_the_configured_base(connect):
    info = connect(git_url="https://git.example.com/mirror/").get_repository(NAME)
    assert info.clone_url == f"https://git.example.com/mirror/{NAME}.git"


def test_an_issue_is_read_whole(client, forge, ref):
    forge.lock_issue(NAME, 1)
    issue = client.get_issue(ref)
    assert (issue.title, issue.body, issue.author, issue.is_open) == ("greet the world", "please", "ada", True)
    assert set(issue.labels) == {LABEL, "p1"}
    assert issue.is_locked
    assert not issue.is_pull_request
    assert issue.created_at.tzinfo is not None
    assert issue.url == f"{forge.url}/{NAME}/issues/1"


def test_an_issue_without_a_body_has_an_empty_one(client, forge):
    number = forge.open_issue(NAME, "no words", None).number
    assert client.get_issue(IssueRef(NAME, number)).body == ""


def test_only_open_issues_of_the_label_are_listed_oldest_first(client, forge):
    forge.open_issue(NAME, "later", labels=[LABEL], created_at=datetime(2030, 1, 1, tzinfo=UTC))
    forge.open_issue(NAME, "first", labels=[LABEL], created_at=datetime(2020, 1, 1, tzinfo=UTC))
    forge.open_issue(NAME, "another label", labels=["bug"])
    closed = forge.open_issue(NAME, "closed", labels=[LABEL])
    forge.close_issue(NAME, closed.number)
    titles = [issue.title for issue in client.list_open_issues(NAME, LABEL).issues]
    assert titles == ["first", "greet the world", "later"]


def test_a_pull_request_posing_as_an_issue_is_marked(client, forge, pull):
    forge.set_labels(NAME, pull.pull.number, [LABEL])
    listed = {issue.ref.number: issue.is_pull_request for issue in client.list_open_issues(NAME, LABEL).issues}
    assert listed == {1: False, pull.pull.number: True}


def test_the_last_reopening_counts(tmp_path, connect):
    moments = iter(datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 10))
    now = [next(moments)]
    with Forge(tmp_path / "clocked", clock=lambda: now[0]) as forge:
        forge.create_repository(NAME)
        forge.open_issue(NAME, "again and again")
        secret = forge.create_token("octo")
        client = connect(lambda: secret, base_url=forge.api_url)
        assert client.get_last_reopened_at(IssueRef(NAME, 1)) is None
        for _ in range(2):
            forge.close_issue(NAME, 1)
            now[0] = next(moments)
            forge.reopen_issue(NAME, 1)
        assert client.get_last_reopened_at(IssueRef(NAME, 1)) == datetime(2026, 1, 3, tzinfo=UTC)


def test_pull_requests_are_found_by_branch_in_every_state(client, forge, pull):
    forge.close_pull(NAME, pull.pull.number)
    second = forge.open_pull(NAME, title="again", head="auto-fix/issue-1")
    forge.commit_files(NAME, {"b.txt": "b"}, branch="auto-fix/issue-12")
    forge.open_pull(NAME, title="another branch", head="auto-fix/issue-12")
    found = client.find_pull_requests(NAME, "auto-fix/issue-1")
    assert {(one.number, one.is_open) for one in found} == {(pull.pull.number, False), (second.pull.number, True)}
    assert {one.head_repository for one in found} == {NAME}


def test_our_pull_requests_are_those_of_our_branches(client, forge, pull):
    forge.commit_files(NAME, {"b.txt": "b"}, branch="feature/x")
    forge.open_pull(NAME, title="theirs", head="feature/x")
    ours = client.list_our_pull_requests(NAME, "auto-fix/", "open")
    assert [one.number for one in ours] == [pull.pull.number]
    forge.close_pull(NAME, pull.pull.number)
    assert client.list_our_pull_requests(NAME, "auto-fix/", "open") == ()
    assert len(client.list_our_pull_requests(NAME, "auto-fix/", "all")) == 1


def test_a_merged_pull_request_says_so(client, forge, pull):
    assert not client.get_pull_request(NAME, pull.pull.number).is_merged
    forge.merge_pull(NAME, pull.pull.number)
    merged = client.get_pull_request(NAME, pull.pull.number)
    assert merged.is_merged
    assert not merged.is_open
    assert merged.merged_at is not None


def test_reviews_are_summed_up(client, forge, pull):
    number = pull.pull.number
    assert client.get_reviews(NAME, number).state is ReviewState.NONE
    forge.review_pull(NAME, number, author="bea", state="COMMENTED", body="hm")
    assert client.get_reviews(NAME, number).state is ReviewState.COMMENTED
    forge.review_pull(NAME, number, author="bea", state="CHANGES_REQUESTED")
    forge.review_pull(NAME, number, author="cem", state="APPROVED")
    assert client.get_reviews(NAME, number).state is ReviewState.CHANGES_REQUESTED
    forge.review_pull(NAME, number, author="bea", state="APPROVED")
    assert client.get_reviews(NAME, number).state is ReviewState.APPROVED


def test_the_first_review_has_a_time_that_later_ones_do_not_move(client, forge, pull):
    number = pull.pull.number
    assert client.get_reviews(NAME, number).first_at is None
    first = forge.review_pull(NAME, number, author="bea", state="COMMENTED", body="hm")
    forge.review_pull(NAME, number, author="cem", state="APPROVED")
    assert client.get_reviews(NAME, number).first_at == datetime.fromisoformat(first.submitted_at)


def test_a_reviewer_may_say_the_same_twice_and_the_last_word_counts(client, forge, pull):
    number = pull.pull.number
    for state in ("APPROVED", "CHANGES_REQUESTED", "APPROVED"):
        forge.review_pull(NAME, number, author="bea", state=state)
    assert client.get_reviews(NAME, number).state is ReviewState.APPROVED
    forge.review_pull(NAME, number, author="bea", state="CHANGES_REQUESTED")
    assert client.get_reviews(NAME, number).state is ReviewState.CHANGES_REQUESTED


def test_statuses_and_check_runs_are_summed_up(client, forge, pull):
    sha = pull.pull.head_sha
    assert client.get_ci_state(NAME, sha) is CiState.NONE
    forge.add_check_run(NAME, sha, name="unit", conclusion="success")
    assert client.get_ci_state(NAME, sha) is CiState.SUCCESS
    forge.add_check_run(NAME, sha, name="slow", status="in_progress", conclusion=None)
    assert client.get_ci_state(NAME, sha) is CiState.PENDING
    forge.set_status(NAME, sha, state="failure", context="lint")
    assert client.get_ci_state(NAME, sha) is CiState.FAILURE


def test_statuses_alone_judge_when_check_runs_may_not_be_read(client, forge, pull):
    forge.set_status(NAME, pull.pull.head_sha, state="success")
    forge.faults.add("status", "list_check_runs", status=403, body="Resource not accessible by personal access token")
    assert client.get_ci_state(NAME, pull.pull.head_sha) is CiState.SUCCESS


def test_a_branch_has_a_commit_or_is_absent(client, pull):
    assert client.get_branch_sha(NAME, "auto-fix/issue-1") == pull.pull.head_sha
    assert client.get_branch_sha(NAME, "auto-fix/issue-2") is None


def test_an_absent_repository_is_not_found_with_a_remedy(client):
    with pytest.raises(GitHubNotFound) as caught:
        client.get_repository("octo/absent")
    assert str(caught.value) == (
        "GET /repos/octo/absent was not found (404 Not Found); "
        "check the name, and that the token may see it (GitHub hides what a token may not see)"
    )


@pytest.mark.parametrize("name", ["octo", "octo/..", "../user", "octo/hello/issues", "octo/he llo"])
def test_a_name_that_is_no_repository_never_becomes_a_path(client, forge, name):
    with pytest.raises(UsageError, match="write OWNER/REPO"):
        client.get_repository(name)
    assert forge.stats.requests == 0

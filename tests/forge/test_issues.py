"""Issues through PyGithub: as GitHub lists, shows, changes, locks and deletes them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests
from github import Github, GithubException, UnknownObjectException
from github.Repository import Repository

from processor.forge import Forge

NAME = "octo/demo"


def numbers(found: object) -> list[int]:
    return [issue.number for issue in found]  # type: ignore[attr-defined]


def test_an_opened_issue_is_shown_with_every_field_it_was_given(forge: Forge, repository: Repository) -> None:
    created = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    forge.open_issue(
        NAME,
        "Greeting is misspelt",
        "It says `helo`.",
        labels=["bug", "auto-processable"],
        author="alice",
        author_association="MEMBER",
        assignees=["bob"],
        is_locked=True,
        created_at=created,
    )
    issue = repository.get_issue(1)
    assert (issue.title, issue.body, issue.user.login) == ("Greeting is misspelt", "It says `helo`.", "alice")
    assert [label.name for label in issue.labels] == ["bug", "auto-processable"]
    assert (issue.author_association, issue.locked, issue.created_at) == ("MEMBER", True, created)
    assert [user.login for user in issue.assignees] == ["bob"]
    assert (issue.state, issue.comments, issue.closed_at) == ("open", 0, None)
    assert issue.html_url == f"{forge.url}/{NAME}/issues/1"
    assert issue.pull_request is None


def test_a_label_filter_wants_every_label(forge: Forge, repository: Repository) -> None:
    forge.open_issue(NAME, "one", labels=["a", "b"])
    forge.open_issue(NAME, "two", labels=["a"])
    assert numbers(repository.get_issues(labels=["A", "b"])) == [1]
    assert numbers(repository.get_issues(labels=["a"])) == [2, 1]


def test_state_creator_assignee_since_and_order_are_filters(forge: Forge, repository: Repository) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for day, author in enumerate(["alice", "bob", "alice"]):
        forge.open_issue(NAME, f"day {day}", author=author, created_at=start + timedelta(days=day))
    forge.close_issue(NAME, 2)
    assert numbers(repository.get_issues()) == [3, 1]
    assert numbers(repository.get_issues(state="closed")) == [2]
    assert numbers(repository.get_issues(state="all", direction="asc")) == [1, 2, 3]
    assert numbers(repository.get_issues(state="all", creator="bob")) == [2]
    assert numbers(repository.get_issues(state="all", sort="updated")) == [2, 3, 1]
    assert numbers(repository.get_issues(state="all", since=start + timedelta(hours=1))) == [3, 2]
    assert numbers(repository.get_issues(assignee="none")) == [3, 1]
    forge.open_issue(NAME, "taken", assignees=["bob"])
    assert numbers(repository.get_issues(assignee="bob")) == numbers(repository.get_issues(assignee="*")) == [4]


def test_pages_follow_the_link_header_to_the_last_issue(forge: Forge, repository: Repository) -> None:
    for index in range(65):
        forge.open_issue(NAME, f"issue {index}")
    assert numbers(repository.get_issues(direction="asc")) == list(range(1, 66))
    assert repository.get_issues().totalCount == 65


def test_the_history_tells_labels_closing_reopening_renaming_and_assigning(
    forge: Forge, repository: Repository
) -> None:
    forge.open_issue(NAME, "Old", author="alice")
    issue = repository.get_issue(1)
    issue.add_to_labels("bug")
    issue.remove_from_labels("bug")
    issue.edit(title="New", state="closed", state_reason="not_planned")
    assert (issue.state_reason, issue.closed_by.login) == ("not_planned", "bot")
    issue.edit(state="open")
    issue.add_to_assignees("bot")
    issue.remove_from_assignees("bot")
    events = [event.event for event in issue.get_events()]
    assert events == ["labeled", "unlabeled", "renamed", "closed", "reopened", "assigned", "unassigned"]
    first = next(iter(issue.get_events()))
    assert (first.label.name, first.actor.login) == ("bug", "bot")


def test_the_timeline_mixes_events_comments_and_cross_references(forge: Forge, repository: Repository) -> None:
    forge.open_issue(NAME, "First")
    repository.get_issue(1).create_comment("Hello")
    forge.open_issue(NAME, "Second", "See #1 and #1")
    timeline = list(repository.get_issue(1).get_timeline())
    assert [entry.event for entry in timeline] == ["commented", "cross-referenced"]
    assert timeline[1].source.issue.number == 2


def test_comments_are_written_changed_listed_and_deleted(forge: Forge, repository: Repository) -> None:
    forge.open_issue(NAME, "Talk")
    comment = repository.get_issue(1).create_comment("first")
    comment.edit("second")
    assert repository.get_issue(1).get_comment(comment.id).body == "second"
    assert [found.body for found in repository.get_issues_comments()] == ["second"]
    comment.delete()
    assert list(repository.get_issue(1).get_comments()) == []
    with pytest.raises(UnknownObjectException):
        repository.get_issue(1).get_comment(comment.id)


def test_labels_are_created_changed_set_and_deleted_everywhere(forge: Forge, repository: Repository) -> None:
    forge.open_issue(NAME, "Sort me", labels=["bug"])
    label = repository.create_label("Priority: high", "FF0000", "now")
    assert (label.color, label.description) == ("ff0000", "now")
    issue = repository.get_issue(1)
    issue.set_labels("priority: HIGH", "bug")
    label.edit("urgent", "00ff00")
    assert [found.name for found in repository.get_issue(1).labels] == ["urgent", "bug"]
    repository.get_label("urgent").delete()
    assert [found.name for found in repository.get_issue(1).get_labels()] == ["bug"]
    issue.delete_labels()
    assert list(issue.get_labels()) == []


def test_a_label_that_exists_cannot_be_created_again(repository: Repository) -> None:
    with pytest.raises(GithubException) as caught:
        repository.create_label("BUG", "ffffff")
    assert caught.value.status == 422
    assert caught.value.data["errors"] == [{"resource": "Label", "field": "name", "code": "already_exists"}]


def test_taking_off_a_label_that_is_not_there_is_a_404(forge: Forge, repository: Repository) -> None:
    forge.open_issue(NAME, "Plain")
    with pytest.raises(GithubException, match="Label does not exist") as caught:
        repository.get_issue(1).remove_from_labels("bug")
    assert caught.value.status == 404


def test_a_locked_issue_takes_comments_of_writers_only(
    forge: Forge, client: Callable[[str], Github], repository: Repository
) -> None:
    forge.open_issue(NAME, "Heated", is_locked=True)
    outsider = client(forge.create_token("mallory")).get_repo(NAME).get_issue(1)
    with pytest.raises(GithubException, match="issue is locked") as caught:
        outsider.create_comment("me too")
    assert caught.value.status == 403
    assert repository.get_issue(1).create_comment("calm").body == "calm"
    repository.get_issue(1).unlock()
    assert outsider.create_comment("me too").user.login == "mallory"
    repository.get_issue(1).lock("spam")
    assert repository.get_issue(1).active_lock_reason == "spam"


def test_a_deleted_issue_is_gone(forge: Forge, repository: Repository) -> None:
    forge.open_issue(NAME, "Oops")
    forge.delete_issue(NAME, 1)
    with pytest.raises(GithubException, match="deleted") as caught:
        repository.get_issue(1)
    assert caught.value.status == 410
    assert numbers(repository.get_issues(state="all")) == []


def test_a_repository_without_issues_answers_410(forge: Forge, repository: Repository) -> None:
    forge.edit_repository(NAME, has_issues=False)
    for call in (repository.get_issues().get_page, repository.get_issue):
        with pytest.raises(GithubException, match="disabled") as caught:
            call(1)
        assert caught.value.status == 410


def test_an_unknown_issue_and_an_unknown_path_are_404s(http: Callable[..., requests.Response]) -> None:
    for path in ("/repos/octo/demo/issues/99", "/repos/octo/demo/issues/x", "/repos/octo/none", "/nonsense"):
        answer = http("GET", path)
        assert (answer.status_code, answer.json()["message"], answer.json()["status"]) == (404, "Not Found", "404")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, '"title" wasn\'t supplied'),
        ({"title": 7}, "7 is not a string"),
        ({"title": "x", "labels": "bug"}, "'bug' is not an array"),
        ({"title": " "}, "Validation Failed"),
    ],
)
def test_a_bad_issue_is_a_422_that_says_why(
    http: Callable[..., requests.Response], fields: dict[str, object], message: str
) -> None:
    answer = http("POST", "/repos/octo/demo/issues", json=fields)
    assert answer.status_code == 422
    assert message in answer.json()["message"]


def test_a_body_that_is_no_json_is_a_400(http: Callable[..., requests.Response]) -> None:
    answer = http("POST", "/repos/octo/demo/issues", data="{")
    assert (answer.status_code, answer.json()["message"]) == (400, "Problems parsing JSON")


def test_labels_that_a_reader_asks_for_are_dropped(forge: Forge, client: Callable[[str], Github]) -> None:
    reader = client(forge.create_token("mallory")).get_repo(NAME)
    issue = reader.create_issue("Please", labels=["auto-processable"], assignee="mallory")
    assert (issue.labels, issue.assignees) == ([], [])
    with pytest.raises(GithubException, match="Must have triage rights") as caught:
        issue.add_to_labels("auto-processable")
    assert caught.value.status == 403


def test_search_finds_issues_by_repository_label_state_and_words(
    forge: Forge, client: Callable[[str], Github], token: str
) -> None:
    forge.open_issue(NAME, "Broken greeting", labels=["bug"])
    forge.open_issue(NAME, "Broken footer")
    found = client(token).search_issues("broken repo:octo/demo is:issue is:open label:bug")
    assert (numbers(found), found.totalCount) == ([1], 1)


def test_texts_that_are_too_long_are_a_422(http: Callable[..., requests.Response], forge: Forge) -> None:
    forge.open_issue(NAME, "x" * 256, "x" * 65_536)
    for path, fields, message in (
        ("/issues", {"title": "x" * 257}, "title is too long (maximum is 256 characters)"),
        ("/issues", {"title": "x", "body": "x" * 65_537}, "body is too long (maximum is 65536 characters)"),
        ("/issues/1/comments", {"body": "x" * 65_537}, "body is too long (maximum is 65536 characters)"),
    ):
        answer = http("POST", f"/repos/{NAME}{path}", json=fields)
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (422, message)

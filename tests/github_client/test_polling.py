"""Polling: nothing is spent when nothing changed, and no issue is missed when pages shift."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from processor.model import CiState, ReviewState

NAME = "octo/hello"
LABEL = "auto-processable"


def numbers(listing):
    return [issue.ref.number for issue in listing.issues]


def open_issues(forge, count):
    for number in range(count):
        forge.open_issue(NAME, f"issue {number}", labels=[LABEL])


def test_polling_an_unchanged_list_spends_nothing(client, forge):
    first = client.list_open_issues(NAME, LABEL)
    forge.reset()
    second = client.list_open_issues(NAME, LABEL)
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert second.issues == first.issues
    assert (forge.stats.requests, forge.stats.rate_limit_spent) == (1, 0)


def test_a_change_is_seen_at_the_next_poll(client, forge):
    client.list_open_issues(NAME, LABEL)
    forge.edit_issue(NAME, 1, title="greet everybody")
    listing = client.list_open_issues(NAME, LABEL)
    assert not listing.is_unchanged
    assert listing.issues[0].title == "greet everybody"


def test_more_than_one_page_is_read_and_then_polled_for_nothing(client, forge):
    open_issues(forge, 204)
    assert numbers(client.list_open_issues(NAME, LABEL)) == list(range(1, 206))
    forge.reset()
    listing = client.list_open_issues(NAME, LABEL)
    assert listing.is_unchanged
    assert len(listing.issues) == 205
    assert (forge.stats.requests, forge.stats.rate_limit_spent) == (3, 0)


def test_the_issue_after_a_full_page_is_seen(client, forge):
    open_issues(forge, 99)
    assert len(client.list_open_issues(NAME, LABEL).issues) == 100
    forge.open_issue(NAME, "the hundred and first", labels=[LABEL])
    assert numbers(client.list_open_issues(NAME, LABEL)) == list(range(1, 102))


def test_an_issue_closed_between_two_pages_hides_no_other(client, forge):
    open_issues(forge, 149)
    second_page = forge.faults.add("hold", "list_issues", nth=2)
    with ThreadPoolExecutor(1) as pool:
        listing = pool.submit(client.list_open_issues, NAME, LABEL)
        assert second_page.wait_until_reached()
        forge.close_issue(NAME, 7)
        second_page.release()
        assert numbers(listing.result(20)) == [number for number in range(1, 151) if number != 7]


def test_a_list_that_never_settles_still_ends_and_names_each_issue_once(client, forge):
    open_issues(forge, 149)
    holds = [forge.faults.add("hold", "list_issues", nth=nth) for nth in (2, 4, 6)]
    with ThreadPoolExecutor(1) as pool:
        listing = pool.submit(client.list_open_issues, NAME, LABEL)
        for count, hold in enumerate(holds):
            assert hold.wait_until_reached()
            forge.edit_issue(NAME, 100 + count, title="changed")
            forge.close_issue(NAME, 1 + count)
            hold.release()
        found = numbers(listing.result(20))
    assert len(found) == len(set(found))
    assert len(found) >= 146


def test_following_pull_requests_spends_nothing_when_nothing_changed(client, forge, pull):
    number, sha = pull.pull.number, pull.pull.head_sha
    forge.set_status(NAME, sha, state="success")
    forge.review_pull(NAME, number, state="APPROVED")

    def look():
        return (
            client.list_our_pull_requests(NAME, "auto-fix/", "open"),
            client.get_pull_request(NAME, number),
            client.get_reviews(NAME, number).state,
            client.get_ci_state(NAME, sha),
        )

    first = look()
    forge.reset()
    assert look() == first
    assert first[2:] == (ReviewState.APPROVED, CiState.SUCCESS)
    assert forge.stats.rate_limit_spent == 0
    assert forge.stats.not_modified == forge.stats.requests > 0


def test_rate_limits_are_known_without_asking(client, forge):
    assert client.get_rate_limits() == ()
    forge.rate_limits.set(60)
    client.get_viewer()
    requests = forge.stats.requests
    (limit,) = client.get_rate_limits()
    assert (limit.resource, limit.limit, limit.remaining) == ("core", 60, 59)
    assert forge.stats.requests == requests


def test_every_request_is_observed(connect, forge):
    seen = []
    client = connect(options={"observer": seen.append}, read_attempts=2)
    client.list_open_issues(NAME, LABEL)
    client.list_open_issues(NAME, LABEL)
    forge.faults.add("status", "get_user", status=502)
    client.get_viewer()
    forge.faults.add("drop", "get_repository")
    client.get_repository(NAME)
    found = [(str(one.endpoint), str(one.code)) for one in seen]
    assert found == [
        ("issues", "2xx"),
        ("issues", "304"),
        ("account", "5xx"),
        ("account", "2xx"),
        ("repository", "none"),
        ("repository", "2xx"),
    ]
    assert all(one.duration_seconds > 0 for one in seen)
    assert seen[0].rate_limit.limit == 5000
    assert seen[4].rate_limit is None


@pytest.mark.parametrize("count", [100, 200])
def test_a_list_that_fills_its_pages_ends(client, forge, count):
    open_issues(forge, count - 1)
    assert len(client.list_open_issues(NAME, LABEL).issues) == count

"""The pure decisions: addresses, proxies, waits and sums, each from a literal."""

from datetime import UTC, datetime

import pytest

from processor.errors import GitHubError
from processor.github_client.addresses import git_base, origin
from processor.github_client.pages import Page, Pages
from processor.github_client.proxies import choose_proxy, is_excepted
from processor.github_client.rate_limits import limited_for_seconds, read_rate_limit
from processor.github_client.refusals import github_words, refusal
from processor.github_client.retries import wait_before_retry
from processor.github_client.states import Review, check_run_states, ci_state, review_state, status_states
from processor.github_client.throttle import Throttle
from processor.github_client.transport import redirected
from processor.github_client.values import Answer, EndpointGroup, Failure, StatusClass
from processor.model import CiState, ReviewState


@pytest.mark.parametrize(
    ("base_url", "git_url", "base"),
    [
        ("https://api.github.com", None, "https://github.com"),
        ("https://api.github.com/", None, "https://github.com"),
        ("https://github.example.com/api/v3", None, "https://github.example.com"),
        ("https://github.example.com:8443/api/v3/", None, "https://github.example.com:8443"),
        ("https://api.octocorp.ghe.com", None, "https://octocorp.ghe.com"),
        ("http://127.0.0.1:4000/api/v3", None, "http://127.0.0.1:4000"),
        ("https://api.github.com", "https://mirror.example.com/git/", "https://mirror.example.com/git"),
    ],
)
def test_clone_addresses_follow_from_the_rest_base(base_url, git_url, base):
    assert git_base(base_url, git_url) == base


def test_an_origin_has_its_default_port():
    assert origin("https://GitHub.com/x") == origin("https://github.com:443") == ("https", "github.com", 443)
    assert origin("http://github.com") != origin("https://github.com")


@pytest.mark.parametrize(
    ("base_url", "configured", "environ", "proxy"),
    [
        ("https://api.github.com", None, {}, None),
        ("https://api.github.com", None, {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://api.github.com", None, {"https_proxy": "p:3128", "HTTPS_PROXY": "http://q"}, "http://p:3128"),
        ("https://api.github.com", None, {"HTTP_PROXY": "http://p:3128"}, None),
        ("https://api.github.com", None, {"ALL_PROXY": "socks5h://p:1080"}, "socks5h://p:1080"),
        ("https://api.github.com", "http://mine:1", {"HTTPS_PROXY": "http://p:3128"}, "http://mine:1"),
        ("https://api.github.com", None, {"HTTPS_PROXY": "http://p", "NO_PROXY": "github.com"}, None),
        ("https://ghe.example.com/api/v3", "http://mine:1", {"no_proxy": ".example.com"}, None),
        ("http://127.0.0.1:4000/api/v3", "http://mine:1", {}, None),
        ("http://localhost:4000/api/v3", "http://mine:1", {}, None),
        ("http://[::1]:4000/api/v3", "http://mine:1", {}, None),
    ],
)
def test_the_proxy_is_chosen(base_url, configured, environ, proxy):
    assert choose_proxy(base_url, configured, environ) == proxy


@pytest.mark.parametrize(
    ("host", "no_proxy", "is_out"),
    [
        ("api.github.com", "*", True),
        ("api.github.com", "example.com, github.com", True),
        ("api.github.com", "*.github.com", True),
        ("notgithub.com", "github.com", False),
        ("api.github.com", "github.com:8443", False),
        ("api.github.com", "github.com:443", True),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("api.github.com", " , ", False),
    ],
)
def test_no_proxy_is_read_as_curl_reads_it(host, no_proxy, is_out):
    assert is_excepted(host, 443, no_proxy) is is_out


def failure(*, is_passing=True, wait_seconds=None):
    return Failure(GitHubError("x"), StatusClass.FAILED, is_passing=is_passing, wait_seconds=wait_seconds)


@pytest.mark.parametrize(
    ("given", "attempt", "budget", "wait"),
    [
        (failure(), 1, 60, 0.5),
        (failure(), 2, 60, 1.0),
        (failure(), 3, 60, None),
        (failure(), 1, 0.2, 0.2),
        (failure(), 1, 0, 0.0),
        (failure(is_passing=False), 1, 60, None),
        (failure(wait_seconds=30), 1, 60, 30),
        (failure(wait_seconds=61), 1, 60, None),
    ],
)
def test_a_retry_waits_within_its_budget(given, attempt, budget, wait):
    assert wait_before_retry(given, attempt=attempt, attempts=3, budget_seconds=budget) == wait


NOW = 1_800_000_000.0
SPENT = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 100)}


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(403, SPENT), 101),
        (Answer(429, {**SPENT, "x-ratelimit-reset": str(int(NOW) - 5)}), 1),
        (Answer(403, {"retry-after": "7"}), 7),
        (Answer(403, {}, {"message": "You have exceeded a secondary rate limit. And more."}), 60),
        (Answer(429, {}), 60),
        (Answer(403, {}, {"message": "Resource not accessible by integration"}), None),
        (Answer(403, {**SPENT, "x-ratelimit-remaining": "12"}), None),
        (Answer(503, {"retry-after": "7"}), None),
        (Answer(403, {}, ["no", "object"]), None),
    ],
)
def test_a_rate_limit_is_told_from_other_refusals(answer, seconds):
    assert limited_for_seconds(answer, NOW, 0) == seconds


@pytest.mark.parametrize(
    "headers", [{}, {**SPENT, "x-ratelimit-limit": "many"}, {**SPENT, "x-ratelimit-reset": "9" * 30}]
)
def test_rate_limit_headers_that_say_nothing_are_nothing(headers):
    assert read_rate_limit(headers) is None


def test_rate_limit_headers_are_read():
    limit = read_rate_limit({**SPENT, "x-ratelimit-resource": "search"})
    assert (limit.resource, limit.limit, limit.remaining) == ("search", 5000, 0)
    assert limit.reset_at == datetime.fromtimestamp(NOW + 100, UTC)


def test_the_permission_that_github_names_is_passed_on():
    answer = Answer(403, {"x-accepted-github-permissions": "pull_requests=write"}, {"message": "Forbidden"})
    text = str(refusal(answer, "POST /x", EndpointGroup.PULL_REQUESTS).error)
    assert text.endswith("give the token the permission pull_requests: write, then run `aip check`")


def test_single_sign_on_is_named():
    answer = Answer(403, {"x-github-sso": "required; url=https://github.com/orgs/x/sso?secret=1"}, {"message": "SAML"})
    text = str(refusal(answer, "GET /x", EndpointGroup.REPOSITORY).error)
    assert text == (
        "the credentials may not do GET /x (403 SAML); "
        "authorize the token for the organization's single sign-on on GitHub's page of tokens"
    )


def test_githubs_words_are_one_short_line():
    assert github_words(Answer(422, {}, {"message": "a\nb", "errors": ["c", {"field": "f"}]})) == "a b; c; ?.f: ?"
    assert len(github_words(Answer(422, {}, {"message": "x" * 9000}))) == 500
    assert github_words(Answer(500, {})) == "without a message"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([], ReviewState.NONE),
        ([("a", "PENDING")], ReviewState.NONE),
        ([("a", "COMMENTED")], ReviewState.COMMENTED),
        ([("a", "APPROVED"), ("a", "COMMENTED")], ReviewState.APPROVED),
        ([("a", "CHANGES_REQUESTED"), ("a", "APPROVED")], ReviewState.APPROVED),
        ([("a", "CHANGES_REQUESTED"), ("b", "APPROVED")], ReviewState.CHANGES_REQUESTED),
        ([("a", "CHANGES_REQUESTED"), ("a", "DISMISSED")], ReviewState.NONE),
    ],
)
def test_the_last_verdict_of_each_reviewer_counts(said, state):
    assert review_state([Review(number, *one) for number, one in enumerate(said)]) is state


def run(status, conclusion=None):
    return {"status": status, "conclusion": conclusion}


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        ([], CiState.NONE),
        ([run("completed", "success"), run("completed", "skipped"), run("completed", "neutral")], CiState.SUCCESS),
        ([run("completed", "success"), run("queued")], CiState.PENDING),
        ([run("queued"), run("completed", "timed_out")], CiState.FAILURE),
        ([run("completed", "action_required")], CiState.FAILURE),
        ([run("completed", "cancelled")], CiState.FAILURE),
    ],
)
def test_check_runs_are_summed_up(runs, state):
    assert ci_state(check_run_states({"check_runs": runs})) is state


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([], CiState.NONE),
        (["success"], CiState.SUCCESS),
        (["success", "pending"], CiState.PENDING),
        (["pending", "error"], CiState.FAILURE),
    ],
)
def test_statuses_are_summed_up(states, state):
    assert ci_state(status_states({"statuses": [{"state": one} for one in states]})) is state


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://h/b?q=1"),
        ("https://h:443/b?r=2", "https://h:443/b?r=2"),
        ("c", "https://h/c?q=1"),
    ],
)
def test_a_redirect_keeps_the_query_that_it_does_not_replace(location, target):
    assert redirected("https://h/a?q=1", location) == target


@pytest.mark.parametrize("location", ["http://h/a", "https://other/a", "https://h:8443/a", "//other/a"])
def test_a_redirect_to_another_origin_is_refused(location):
    with pytest.raises(GitHubError, match="the token is not sent"):
        redirected("https://h/a", location)


def test_throttled_requests_queue_up_one_behind_the_other():
    slept = []
    throttle = Throttle(1, 5, sleep=slept.append, monotonic=lambda: 100.0)
    for is_write in (False, True, False, True):
        throttle.wait(is_write=is_write)
    assert slept == [1, 2, 6]


def test_remembered_pages_stay_within_their_room():
    pages = Pages(most_characters=100)
    for name in "abc":
        pages.put(name, Page('"x"', (), False, 40))
    assert pages.get("a") is None
    assert pages.get("b") is not None
    pages.put("b", Page('"y"', (), False, 60))
    assert (pages.get("b").etag, pages.get("c").etag) == ('"y"', '"x"')
    pages.put("d", Page('"z"', (), False, 1))
    assert pages.get("b") is None

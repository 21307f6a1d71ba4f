"""Rate limits: said with the time to come back, obeyed without another request, short ones waited out by reads."""

from datetime import UTC, datetime, timedelta

import pytest

from processor.errors import GitHubRateLimited

NAME = "octo/hello"


class Watch:
    """A clock that only sleeping moves; Unix seconds."""

    def __init__(self):
        self.now = datetime.now(UTC).timestamp()
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def read(self):
        return self.now


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def timed(connect, watch):
    """A client on that clock."""

    def make(**settings):
        return connect(options={"sleep": watch.sleep, "clock": watch.read}, **settings)

    return make


def limited(action):
    with pytest.raises(GitHubRateLimited) as caught:
        action()
    return caught.value


@pytest.mark.parametrize("status", [403, 429])
def test_the_primary_limit_is_told_with_its_reset(timed, forge, watch, status):
    client = timed()
    forge.faults.add("rate_limit", "get_user", rate_limit="primary", status=status, reset_in_seconds=1800)
    error = limited(client.get_viewer)
    assert error.retry_at.timestamp() == pytest.approx(watch.now + 1800, abs=3)
    assert client.limited_until == error.retry_at
    assert "requests go on at" in str(error)
    assert f"GET /user was refused ({status} API rate limit exceeded" in str(error)


def test_a_spent_allowance_is_found_out_without_a_fault(timed, forge):
    client = timed()
    forge.rate_limits.set(2, login="octo")
    client.get_viewer()
    client.get_viewer()
    limited(client.get_viewer)
    (rate,) = client.get_rate_limits()
    assert (rate.limit, rate.remaining) == (2, 0)


@pytest.mark.parametrize("status", [403, 429])
def test_the_secondary_limit_is_told_with_its_retry_after(timed, forge, watch, status):
    client = timed()
    forge.faults.add("rate_limit", "get_user", rate_limit="secondary", status=status, retry_after_seconds=90)
    assert limited(client.get_viewer).retry_at.timestamp() == pytest.approx(watch.now + 90, abs=0.01)


def test_a_secondary_limit_without_retry_after_waits_a_minute_and_longer_each_time(timed, forge, watch):
    client = timed()
    forge.faults.add("rate_limit", "get_user", rate_limit="secondary", times=3)
    for wait in (60, 120, 240):
        error = limited(client.get_viewer)
        assert error.retry_at.timestamp() == pytest.approx(watch.now + wait, abs=0.01)
        watch.now += wait
    assert client.get_viewer().login == "octo"
    forge.faults.add("rate_limit", "get_user", rate_limit="secondary")
    assert limited(client.get_viewer).retry_at.timestamp() == pytest.approx(watch.now + 60, abs=0.01)


def test_nothing_is_sent_until_the_time_has_come(timed, forge, watch, ref):
    client = timed()
    forge.faults.add("rate_limit", "get_user", rate_limit="secondary", retry_after_seconds=90)
    first = limited(client.get_viewer)
    requests = forge.stats.requests
    for action in (
        client.get_viewer,
        lambda: client.get_issue(ref),
        lambda: client.create_comment(ref, "hello"),
        lambda: client.list_open_issues(NAME, "auto-processable"),
    ):
        error = limited(action)
        assert error.retry_at == first.retry_at
        assert "nothing was sent" in str(error)
    assert forge.stats.requests == requests
    watch.now += 89
    limited(client.get_viewer)
    watch.now += 2
    assert client.limited_until is None
    assert client.get_viewer().login == "octo"


def test_a_read_waits_out_a_short_limit(timed, forge, watch):
    client = timed(max_wait_seconds=60)
    forge.faults.add("rate_limit", "get_user", rate_limit="secondary", retry_after_seconds=20)
    assert client.get_viewer().login == "octo"
    assert sum(watch.slept) == pytest.approx(20)


def test_a_read_never_waits_longer_than_it_may(timed, forge, watch):
    client = timed(max_wait_seconds=30)
    forge.faults.add("rate_limit", "get_user", rate_limit="secondary", retry_after_seconds=20, times=None)
    error = limited(client.get_viewer)
    assert sum(watch.slept) == pytest.approx(20)
    assert error.retry_at.timestamp() == pytest.approx(watch.now + 20, abs=0.01)


def test_a_write_never_waits(timed, forge, watch, ref):
    client = timed(max_wait_seconds=60)
    forge.faults.add("rate_limit", "create_comment", rate_limit="secondary", retry_after_seconds=1)
    limited(lambda: client.create_comment(ref, "hello"))
    assert watch.slept == []
    assert forge.comments(NAME, 1) == []


def test_a_limited_request_is_observed_as_such(connect, forge):
    seen = []
    client = connect(options={"observer": seen.append})
    forge.faults.add("rate_limit", "get_user", rate_limit="primary", reset_in_seconds=600)
    limited(client.get_viewer)
    limited(client.get_viewer)
    assert [str(one.code) for one in seen] == ["limited"]
    assert seen[0].rate_limit.remaining == 0


def test_a_clock_that_is_wrong_does_not_lengthen_the_wait(timed, forge, watch):
    watch.now -= timedelta(hours=2).total_seconds()
    client = timed()
    forge.faults.add("rate_limit", "get_user", rate_limit="primary", reset_in_seconds=600)
    assert limited(client.get_viewer).retry_at.timestamp() == pytest.approx(watch.now + 600, abs=3)


def test_a_permission_that_is_missing_is_no_rate_limit(connect, forge, ref):
    poor = forge.create_token("octo", scopes=())
    client = connect(lambda: poor)
    with pytest.raises(Exception, match="give the token the scope repo"):
        client.add_labels(ref, ["x"])
    assert client.limited_until is None


def test_requests_are_spaced_as_the_settings_say(timed, watch, ref):
    client = timed(seconds_between_requests=0.25, seconds_between_writes=1)
    client.get_viewer()
    client.get_viewer()
    client.create_comment(ref, "one")
    client.create_comment(ref, "two")
    assert len(watch.slept) == 3
    assert watch.slept[0] == pytest.approx(0.25, abs=0.1)
    assert sum(watch.slept) > 1

"""How the last runs ended: what alerts look at when only a few issues come a day."""

import time

import pytest

from processor.model import Outcome

GOOD, REJECTED, BAD, LATE, CANCELLED = (
    Outcome.SUCCESS, Outcome.REJECTED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.CANCELLED
)  # fmt: skip


@pytest.mark.parametrize(
    ("outcomes", "failures"),
    [
        ([], 0),
        ([BAD, LATE, BAD], 3),
        ([BAD, GOOD, LATE], 1),
        ([BAD, REJECTED], 0),
        ([BAD, CANCELLED, LATE], 2),
        ([GOOD, *[BAD] * 25], 25),
    ],
)
def test_failures_in_a_row_end_with_a_run_that_did_not_fail(serve, scene, outcomes, failures):
    start = time.time() - 1000
    for place, outcome in enumerate(outcomes):
        scene.finish(outcome, at=start + place)
    assert serve("recent").scrape().value("aip_consecutive_failures") == failures


def test_the_ratio_of_recent_failures_waits_for_twenty_runs(serve, scene):
    start = time.time() - 1000
    client = serve("recent")
    for place in range(19):
        scene.finish(BAD if place % 2 else GOOD, at=start + place)
    assert client.scrape().values("aip_recent_failure_ratio") == {}
    scene.finish(GOOD, at=start + 19)
    scraped = client.scrape_until(lambda seen: seen.values("aip_recent_failure_ratio"))
    assert scraped.value("aip_recent_failure_ratio", window_events="20") == 9 / 20
    scene.finish(LATE, at=start + 20)
    client.scrape_until(lambda seen: seen.value("aip_recent_failure_ratio", window_events="20") == 10 / 20)


def test_the_last_success_is_absent_until_there_is_one(serve, scene):
    client = serve("recent")
    scene.finish(BAD)
    assert client.scrape().values("aip_last_success_timestamp_seconds") == {}
    at = time.time() - 500
    scene.finish(GOOD, at=at)
    scene.finish(BAD)
    scraped = client.scrape_until(lambda seen: seen.values("aip_last_success_timestamp_seconds"))
    assert scraped.value("aip_last_success_timestamp_seconds") == at

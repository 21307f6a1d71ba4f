"""What waits, what is under way, what was given up, and what the processor heard of GitHub."""

import time
from datetime import UTC, datetime

from processor.ledger import drills, pull_requests, runs, services
from processor.model import CiState, Outcome, Priority, PullRequest, Reviews, ReviewState

REPOSITORY = "octo/hello"


def pull_request(
    number: int, *, is_open: bool = True, is_merged: bool = False, closed_at: float | None = None
) -> PullRequest:
    ended_at = None if closed_at is None else datetime.fromtimestamp(closed_at, UTC)
    return PullRequest(
        repository=REPOSITORY,
        number=number,
        url=f"https://github.com/{REPOSITORY}/pull/{number}",
        title="Auto-fix: Greet the world (#1)",
        body="",
        head_branch=f"auto-fix/issue-{number}",
        head_sha="a" * 40,
        head_repository=REPOSITORY,
        base_branch="main",
        is_open=is_open,
        is_draft=True,
        is_merged=is_merged,
        created_at=datetime.now(UTC),
        merged_at=ended_at if is_merged else None,
        closed_at=ended_at,
    )


def test_the_backlog_is_counted_by_repository_and_priority(serve, scene):
    now = time.time()
    scene.queue(priority=Priority.CRITICAL, at=now)
    scene.queue(priority=Priority.LOW, at=now - 300)
    scene.start(scene.queue(priority=Priority.LOW, at=now - 900))
    scraped = serve("backlog").scrape()
    counts = {dict(labels)["priority"]: n for labels, n in scraped.values("aip_queue_issues").items()}
    assert counts == {"critical": 1, "high": 0, "medium": 0, "low": 1}
    assert scraped.value("aip_oldest_queued_issue_timestamp_seconds") == now - 350
    assert scraped.value("aip_runs_in_progress") == 1


def test_an_empty_backlog_has_no_oldest_issue(serve, scene):
    scene.finish()
    scraped = serve("backlog").scrape()
    assert scraped.value("aip_queue_issues", repository=REPOSITORY, priority="low") == 0
    assert scraped.values("aip_oldest_queued_issue_timestamp_seconds") == {}


def test_an_issue_that_is_tried_again_is_no_dead_letter(serve, scene, ledger):
    client = serve("backlog")
    first, _ = scene.finish(Outcome.ERROR), scene.finish(Outcome.TIMEOUT)
    client.scrape_until(lambda seen: seen.value("aip_dead_letter_issues") == 2)
    with ledger.write() as db:
        before = runs.get(db, first)
        runs.queue(
            db,
            runs.NewRun(
                ref=before.ref, title=before.title, priority=before.priority, issue_created_at=0.0,
                discovered_at=before.discovered_at, branch=before.branch, sequence=1, requested_by="operator",
            ),
            time.time(),
        )  # fmt: skip
    client.scrape_until(lambda seen: seen.value("aip_dead_letter_issues") == 1)


def test_open_pull_requests_are_counted_by_review_state(serve, scene, ledger):
    run_id = scene.finish()
    with ledger.write() as db:
        run = runs.get(db, run_id)
        for number in (1, 2, 3):
            pull_requests.record_opened(db, run, pull_request(number), time.time())
        approved = pull_request(2)
        pull_requests.record_follow_up(db, approved, Reviews(ReviewState.APPROVED), CiState.SUCCESS, time.time())
        closed = pull_request(3, is_open=False, closed_at=time.time())
        pull_requests.record_follow_up(db, closed, Reviews(ReviewState.NONE), CiState.NONE, time.time())
    scraped = serve("pull_requests", "runs").scrape()
    counts = {dict(labels)["review_state"]: n for labels, n in scraped.values("aip_pull_requests_open").items()}
    assert counts == {"none": 1, "commented": 0, "changes_requested": 0, "approved": 1}
    assert scraped.value("aip_pull_requests_created_total", repository=REPOSITORY) == 3
    assert scraped.value("aip_pull_requests_closed_total", repository=REPOSITORY, result="closed") == 1


def test_githubs_limits_are_those_that_the_processor_heard(serve, ledger):
    client = serve("github_limits")
    assert client.scrape().values("aip_github_rate_limit_remaining") == {}
    with ledger.write() as db:
        services.note_rate_limit(db, "core", limit=5000, remaining=4711, reset_at=1.8e9, now=time.time())
    scraped = client.scrape_until(lambda seen: seen.values("aip_github_rate_limit_remaining"))
    assert scraped.value("aip_github_rate_limit_limit", resource="core") == 5000
    assert scraped.value("aip_github_rate_limit_remaining", resource="core") == 4711
    assert scraped.value("aip_github_rate_limit_reset_timestamp_seconds", resource="core") == 1.8e9


def test_a_drill_shows_when_it_passed(serve, ledger):
    with ledger.write() as db:
        for alert, is_passed in (("AipHighErrorRate", True), ("AipProcessingDelay", False)):
            drills.record(db, drills.DrillResult(alert=alert, is_passed=is_passed, k=60.0, details={}), 1.7e9)
    values = serve("drills").scrape().values("aip_drill_last_success_timestamp_seconds")
    assert values == {frozenset({("alert", "AipHighErrorRate")}): 1.7e9}

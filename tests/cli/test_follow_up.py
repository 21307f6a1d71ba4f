"""What became of our pull requests comes into the ledger, and looking costs nothing when nothing changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from processor.ledger import families, queries
from processor.model import IssueRef
from processor.operations.follow_up import follow_up
from processor.pipeline.context import Context
from processor.service.assembly import assemble
from processor.settings.load import load_settings
from tests.beside import beside

REPOSITORY = "octo/hello"
BRANCH = "auto-fix/issue-1"


@pytest.fixture
def context(online) -> Iterator[Context]:
    """What the service hands to the duty."""
    parts = assemble(load_settings(online.configs, {}), {})
    yield parts.context()
    parts.close()


@pytest.fixture
def number(forge, scene, context) -> int:
    """The number of a pull request of ours."""
    forge.commit_files(REPOSITORY, {"README.md": "hi\n"}, branch=BRANCH, author="octo")
    opened = forge.open_pull(REPOSITORY, title="Auto-fix: Greet (#1)", head=BRANCH, author="octo")
    scene.publish(scene.finish(1), context.github.get_pull_request(REPOSITORY, opened.issue.number))
    return opened.issue.number


def look(scene):
    """Read the pull request as the ledger has it."""
    with scene.ledger.read() as db:
        (found,) = queries.pull_requests_of_issue(db, IssueRef(REPOSITORY, 1))
    return found


def test_review_and_checks_are_written_down(forge, scene, context, number):
    forge.review_pull(REPOSITORY, number, state="CHANGES_REQUESTED")
    forge.set_status(REPOSITORY, look(scene).head_sha, state="failure")
    assert follow_up(context, REPOSITORY) == 1
    found = look(scene)
    assert (found.state, found.review_state, found.ci_state) == ("open", "changes_requested", "failure")


def test_the_first_review_counts_once_with_the_time_that_github_tells(forge, scene, context, number):
    opened_at = look(scene).created_at
    first = forge.review_pull(REPOSITORY, number, author="bea", state="COMMENTED", body="hm")
    follow_up(context, REPOSITORY)
    forge.review_pull(REPOSITORY, number, author="cem", state="APPROVED")
    assert follow_up(context, REPOSITORY) == 1
    with scene.ledger.read() as db:
        parts = {total.part: total.value for total in queries.totals_of(db, families.REVIEW_TIME)}
    waited = max(0.0, datetime.fromisoformat(first.submitted_at).timestamp() - opened_at)
    assert parts == {"le:900": 1, "sum": pytest.approx(waited)}


def test_looking_again_changes_nothing_writes_nothing_and_costs_nothing(forge, scene, context, number):
    follow_up(context, REPOSITORY)
    before = forge.stats
    assert follow_up(context, REPOSITORY) == 0
    after = forge.stats
    assert after.requests > before.requests
    assert (after.writes, after.rate_limit_spent) == (before.writes, before.rate_limit_spent)
    assert look(scene).number == number


def test_a_merge_counts_once(forge, scene, context, number):
    forge.merge_pull(REPOSITORY, number)
    assert follow_up(context, REPOSITORY) == 1
    assert follow_up(context, REPOSITORY) == 0
    found = look(scene)
    assert found.state == "merged"
    assert found.merged_at is not None
    with scene.ledger.read() as db:
        (closed,) = queries.totals_of(db, families.PULL_REQUESTS_CLOSED)
    assert (closed.labels["result"], closed.value) == ("merged", 1)


def test_what_one_service_read_before_the_merge_does_not_undo_what_another_one_saw_of_it(forge, scene, context, number):
    def merged_meanwhile() -> None:
        forge.merge_pull(REPOSITORY, number)
        follow_up(context, REPOSITORY)

    late = replace(context, ledger=beside(context.ledger, merged_meanwhile))
    assert follow_up(late, REPOSITORY) == 0
    assert follow_up(context, REPOSITORY) == 0
    found = look(scene)
    assert (found.state, found.merged_at is None) == ("merged", False)
    with scene.ledger.read() as db:
        (closed,) = queries.totals_of(db, families.PULL_REQUESTS_CLOSED)
        merges = queries.totals_of(db, families.MERGE_TIME)
    assert (closed.labels["result"], closed.value) == ("merged", 1)
    assert sum(one.value for one in merges if one.part.startswith("le:")) == 1


def test_one_that_people_reopen_is_open_again_and_its_merge_is_seen(forge, scene, context, number):
    forge.close_pull(REPOSITORY, number)
    assert follow_up(context, REPOSITORY) == 1
    assert follow_up(context, REPOSITORY) == 0
    forge.reopen_pull(REPOSITORY, number)
    assert follow_up(context, REPOSITORY) == 1
    assert look(scene).state == "open"
    forge.merge_pull(REPOSITORY, number)
    follow_up(context, REPOSITORY)
    assert look(scene).state == "merged"


def test_each_result_of_a_pull_request_counts_once(forge, scene, context, number):
    for _ in range(2):
        forge.close_pull(REPOSITORY, number)
        follow_up(context, REPOSITORY)
        assert look(scene).state == "closed"
        forge.reopen_pull(REPOSITORY, number)
        follow_up(context, REPOSITORY)
    forge.merge_pull(REPOSITORY, number)
    follow_up(context, REPOSITORY)
    with scene.ledger.read() as db:
        counted = queries.totals_of(db, families.PULL_REQUESTS_CLOSED)
    assert {one.labels["result"]: one.value for one in counted} == {"closed": 1, "merged": 1}


def test_a_pull_request_that_is_gone_does_not_hide_the_others(forge, scene, context, number):
    pull = context.github.get_pull_request(REPOSITORY, number)
    scene.publish(scene.finish(2), replace(pull, number=1, head_branch="auto-fix/issue-2"))
    forge.close_pull(REPOSITORY, number)
    assert follow_up(context, REPOSITORY) == 1
    with scene.ledger.read() as db:
        assert [one.number for one in queries.open_pull_requests(db, REPOSITORY)] == [1]

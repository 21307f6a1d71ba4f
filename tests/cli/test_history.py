"""The history of an issue comes from the ledger, and GitHub is asked only after a merge."""

import time
from collections.abc import Iterator

import pytest

from processor.intake.eligibility import History, PullRequestState
from processor.intake.history import read_history
from processor.ledger import endings, issues, progress, runs
from processor.ledger.schema import pull_requests as pull_request_table
from processor.model import IssueRef, Outcome, Priority
from processor.service.assembly import Parts, assemble
from processor.settings.load import load_settings

REPOSITORY = "octo/hello"
REF = IssueRef(REPOSITORY, 1)


@pytest.fixture
def parts(online) -> Iterator[Parts]:
    """Ledger and GitHub."""
    opened = assemble(load_settings(online.configs, {}), {})
    yield opened
    opened.close()


@pytest.fixture
def number(forge, scene, parts) -> int:
    """A pull request of ours for issue #1."""
    branch = "auto-fix/issue-1"
    forge.commit_files(REPOSITORY, {"README.md": "hi\n"}, branch=branch, author="octo")
    opened = forge.open_pull(REPOSITORY, title="Auto-fix", body="Fixes #1", head=branch, author="octo")
    scene.publish(scene.finish(1), parts.github.get_pull_request(REPOSITORY, opened.issue.number))
    return opened.issue.number


def test_an_issue_that_nobody_knows_has_none_and_asks_nothing(forge, parts):
    assert read_history(parts.ledger, parts.github, REF) == History()
    assert forge.stats.requests == 0


def test_the_newest_run_and_the_pull_request_are_told(forge, parts, number):
    before = forge.stats.requests
    found = read_history(parts.ledger, parts.github, REF)
    assert found.last_outcome is Outcome.SUCCESS
    assert (found.pull_request, found.pull_request_state) == (number, PullRequestState.OPEN)
    assert found.has_active_run is False
    assert forge.stats.requests == before


def test_an_active_run_and_an_earlier_dead_letter(parts, scene):
    scene.finish(1, Outcome.ERROR)
    scene.queue(1)
    found = read_history(parts.ledger, parts.github, REF)
    assert (found.has_active_run, found.last_outcome, found.is_dead_letter) == (True, Outcome.ERROR, True)


@pytest.mark.parametrize(("word", "retry", "again"), [("retry", True, False), ("again", False, True)])
def test_an_operators_word_is_told(parts, scene, word, retry, again):
    issue = parts.github.get_issue(REF)
    with scene.ledger.write() as db:
        issues.see(db, issue, Priority.HIGH, time.time())
        issues.request_retry(db, REF, word)
    found = read_history(parts.ledger, parts.github, REF)
    assert (found.retry_requested, found.again_requested) == (retry, again)


def test_after_a_merge_github_says_whether_it_was_reopened(forge, parts, scene, number):
    forge.merge_pull(REPOSITORY, number)
    pull = parts.github.get_pull_request(REPOSITORY, number)
    assert pull.merged_at is not None
    with scene.ledger.write() as db:
        db.execute(pull_request_table.update().values(state="merged", merged_at=pull.merged_at.timestamp()))
    assert read_history(parts.ledger, parts.github, REF).reopened_at is None
    forge.reopen_issue(REPOSITORY, 1)
    found = read_history(parts.ledger, parts.github, REF)
    assert found.pull_request_state is PullRequestState.MERGED
    assert found.merged_at == pull.merged_at
    assert found.reopened_at is not None


def test_a_dry_run_counts_only_when_asked_to(parts, scene):
    with scene.ledger.write() as db:
        run = runs.NewRun(
            ref=REF, title="x", priority=Priority.LOW, issue_created_at=1.0, discovered_at=1.0, branch="b", sequence=1,
            requested_by="poll", is_dry_run=True,
        )  # fmt: skip
        run_id = runs.queue(db, run, time.time())
        progress.start_attempt(db, run_id, 1, time.time())
        endings.finish(db, run_id, endings.Ending(outcome=Outcome.REJECTED), time.time())
    assert read_history(parts.ledger, parts.github, REF).last_outcome is None
    counted = read_history(parts.ledger, parts.github, REF, counts_dry_runs=True)
    assert counted.last_outcome is Outcome.REJECTED

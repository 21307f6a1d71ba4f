"""A sandbox is one installation's: another one is noticed and left alone, what a lost ledger left can be adopted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.ledger import installations, queries, restoration
from processor.model import CanaryResult
from processor.operations.canary.issue_text import marker_of
from tests.operations.canary.stage import LIMIT, SANDBOX, Stage, installation

HOUR = 3600.0


@pytest.fixture
def other(stage: Stage, tmp_path: Path) -> Iterator[Stage]:
    """Another installation, by the same account, in the same sandbox."""
    with installation(stage.forge, tmp_path / "other", stage.clock) as found:
        stage.clock.now += 60
        yield found


def adopt(stage: Stage, gone: str) -> None:
    with stage.context.ledger.write() as db:
        installations.adopt(db, gone, stage.clock.now)


def failures_in_a_row(stage: Stage) -> int:
    with stage.context.ledger.read() as db:
        return queries.canary_standing(db).consecutive_failures


def test_who_comes_second_fails_by_name_and_touches_nothing(stage: Stage, other: Stage) -> None:
    stage.service().look()
    other.go_through(other.service())
    refused = other.round()
    assert (refused.result, refused.issue, stage.open_issues()) == (CanaryResult.FAILED, None, [1])
    assert refused.reason == (
        f"installation {stage.installation} uses octo/sandbox too (octo/sandbox#1 of "
        f"{stage.forge.issue(SANDBOX, 1).created_at}); give each installation a sandbox of its own, or, when that one "
        f"is gone for good, say `aip canary adopt {stage.installation}`"
    )
    assert stage.go_through(stage.service()).result is CanaryResult.SUCCESS


def test_rounds_that_never_meet_are_noticed_by_what_was_made_between(stage: Stage, other: Stage) -> None:
    for failures in (1, 2):
        assert stage.go_through(stage.service()).result is CanaryResult.SUCCESS
        assert stage.open_issues() == []
        stage.clock.now += HOUR / 2
        other.service().look()
        assert (other.round().result, failures_in_a_row(other)) == (CanaryResult.FAILED, failures)
        stage.clock.now += HOUR / 2
    # The first one has a sandbox of its own now.
    stage.clock.now += HOUR / 2
    assert other.go_through(other.service()).result is CanaryResult.SUCCESS


def test_what_a_ledger_left_that_is_gone_stays_until_an_operator_adopts_it(stage: Stage, tmp_path: Path) -> None:
    stage.service().look()
    left = stage.work(*stage.poll())
    stage.clock.now += 2 * HOUR
    with installation(stage.forge, tmp_path / "new", stage.clock) as new:
        new.service().look()
        assert str(new.round().reason).endswith(f"say `aip canary adopt {stage.installation}`")
        stage.clock.now += HOUR
        adopt(new, stage.installation)
        assert new.go_through(new.service()).result is CanaryResult.SUCCESS
        assert stage.open_issues() == []
        assert list(stage.forge.branches(SANDBOX)) == ["main"]
        assert stage.forge.pull(SANDBOX, left.pull_request or 0).issue.state == "closed"


def test_who_was_adopted_and_lives_is_no_leftover(stage: Stage, other: Stage) -> None:
    stage.service().look()
    adopt(other, stage.installation)
    other.service().look()
    assert str(other.round().reason).startswith(f"installation {stage.installation}, adopted here, still uses octo/")
    assert stage.open_issues() == [1]


def test_a_restored_ledger_clears_away_what_it_made_since_the_backup(stage: Stage) -> None:
    assert stage.go_through(stage.service()).result is CanaryResult.SUCCESS
    stage.clock.now += HOUR
    marker = marker_of("0123", stage.installation)
    stage.forge.open_issue(SANDBOX, "Canary: lost", marker, labels=["critical"], author="octo")
    stage.forge.open_issue(SANDBOX, "A person's", "", author="octo")
    stage.clock.now += HOUR
    with stage.context.ledger.write() as db:
        restoration.mark_restored(db, made_at=stage.clock.now - 2 * HOUR, now=stage.clock.now)
    assert stage.go_through(stage.service()).result is CanaryResult.SUCCESS
    assert stage.open_issues() == [4]


def test_a_copy_of_the_ledger_that_works_is_noticed_and_left_alone(stage: Stage) -> None:
    stage.go_through(stage.service())
    stage.clock.now += HOUR / 4
    marker = marker_of("0123", stage.installation)
    stage.forge.open_issue(SANDBOX, "Canary: of the copy", marker, labels=["critical"], author="octo")
    stage.clock.now += HOUR
    service = stage.service()
    service.look()
    assert str(stage.round().reason).startswith("a copy of this ledger uses octo/sandbox too (octo/sandbox#3 of ")
    service.look()
    assert (stage.open_issues(), service.has_work()) == ([3], False)


@pytest.mark.parametrize(("labels", "result"), [((), CanaryResult.SUCCESS), (("critical",), CanaryResult.FAILED)])
def test_another_account_counts_where_it_may_write_and_a_stranger_never(
    stage: Stage, labels: tuple[str, ...], result: CanaryResult
) -> None:
    marker = marker_of("0123", "abcd")
    stage.forge.open_issue(SANDBOX, "Canary", marker, labels=labels, author="somebody")
    assert stage.go_through(stage.service()).result is result
    assert 1 in stage.open_issues()


def test_a_leftover_of_a_version_that_named_no_installation_is_for_a_person(stage: Stage) -> None:
    stage.forge.open_issue(SANDBOX, "Canary", "<!-- aip:canary 0123 -->", author="octo")
    stage.clock.now += 2 * LIMIT
    stage.service().look()
    assert str(stage.round().reason).endswith(
        " is of a canary that names no installation; close it and its pull request when nobody needs them"
    )


def test_a_leftover_branch_on_which_a_person_committed_stays(stage: Stage, tmp_path: Path) -> None:
    stage.service().look()
    left = stage.work(*stage.poll())
    stage.forge.commit_files(SANDBOX, {"mine.txt": "mine\n"}, message="Mine", branch=left.branch)
    stage.clock.now += 2 * HOUR
    with installation(stage.forge, tmp_path / "new", stage.clock) as new:
        adopt(new, stage.installation)
        assert new.go_through(new.service()).result is CanaryResult.SUCCESS
    assert (stage.open_issues(), sorted(stage.forge.branches(SANDBOX))) == ([], [left.branch, "main"])

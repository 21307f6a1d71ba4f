"""One poll after another against the forge, while people change their mind about issues that wait or are refused."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from processor.errors import GitHubError, GitHubNotFound
from processor.forge import Forge
from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.ledger import endings, families, issues, queries, runs
from processor.ledger.operators import Act
from processor.ledger.records import RunRecord
from processor.model import IssueRef, Outcome, RunState
from processor.operations.requeue import let_go, retry
from processor.service.assembly import assemble
from processor.settings.load import load_settings
from tests.beside import beside

NAME = "octo/hello"
LABEL = "auto-processable"
NOW = 1_770_000_000.0
WORD = Act(actor="ada", action="queue.retry", target=f"{NAME}#1")


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    with Forge(tmp_path / "forge") as started:
        started.create_repository(NAME, labels=[LABEL])
        yield started


@pytest.fixture
def poller_with(tmp_path: Path, forge: Forge) -> Iterator[Callable[..., Poller]]:
    """Make pollers on one ledger; keywords are settings of intake."""
    (tmp_path / "token").write_text(forge.create_token("octo"))
    with ExitStack() as stack:

        def make(**intake: Any) -> Poller:
            main = {
                "repositories": [{"name": NAME, "agent": "tidy"}],
                "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
                "github": {
                    "base_url": forge.api_url,
                    "token_file": str(tmp_path / "token"),
                    "seconds_between_requests": 0,
                    "seconds_between_writes": 0,
                    "read_attempts": 1,
                },
                "state": {"directory": str(tmp_path / "state")},
                "intake": intake,
            }
            (tmp_path / "configs").mkdir(exist_ok=True)
            (tmp_path / "configs" / "auto_issue_processor.yaml").write_text(yaml.safe_dump(main))
            parts = assemble(load_settings(tmp_path / "configs", {}), {})
            stack.callback(parts.close)
            return Poller(parts.settings, parts.ledger, parts.github, lambda: NOW)

        yield make


@pytest.fixture
def poller(poller_with: Callable[..., Poller]) -> Poller:
    return poller_with()


@pytest.fixture
def ask(forge: Forge, tmp_path: Path) -> Callable[..., None]:
    """Do something to issue 1 over REST, as people do."""

    def send(method: str, path: str, **body: object) -> None:
        headers = {"Authorization": f"Bearer {(tmp_path / 'token').read_text()}"}
        url = f"{forge.api_url}/repos/{NAME}/issues/1{path}"
        requests.request(method, url, json=body, headers=headers, timeout=60).raise_for_status()

    return send


def open_issue(forge: Forge, **options: Any) -> IssueRef:
    issue = forge.open_issue(NAME, "Greet", labels=[LABEL, *options.pop("labels", [])], author="octo", **options)
    return IssueRef(NAME, issue.number)


def texts(forge: Forge) -> list[str]:
    return [comment.body for comment in forge.comments(NAME, 1)]


def newest(poller: Poller, ref: IssueRef) -> RunRecord:
    with poller.ledger.read() as db:
        return queries.runs_of_issue(db, ref)[0]


def skips(poller: Poller) -> dict[str, float]:
    with poller.ledger.read() as db:
        return {row.labels["reason"]: row.value for row in queries.totals_of(db, families.ISSUES_SKIPPED)}


def test_an_issue_that_somebody_takes_while_it_waits_is_withdrawn_and_may_come_back(forge, poller, ask):
    ref = open_issue(forge)
    (first,) = poll(poller, NAME).queued
    ask("POST", "/assignees", assignees=["octo"])
    result = poll(poller, NAME)
    assert (result.withdrawn, result.newly_skipped) == ((first,), {ref: "assigned"})
    ended = newest(poller, ref)
    assert (ended.outcome, ended.error_message) == (
        Outcome.CANCELLED,
        "the issue is not to be processed any more: assigned",
    )
    assert "assigned to `octo`" in texts(forge)[0]
    ask("DELETE", "/assignees", assignees=["octo"])
    (second,) = poll(poller, NAME).queued
    assert second != first
    assert len(texts(forge)) == 1


def test_an_issue_that_another_service_finished_since_it_was_decided_on_is_not_queued_again(forge, poller):
    ref = open_issue(forge)

    def other_service() -> None:
        others.extend(poll(poller, NAME).queued)
        with poller.ledger.write() as db:
            endings.finish(db, others[0], endings.Ending(outcome=Outcome.ERROR, is_dead_letter=True), NOW)

    others: list[str] = []
    # The first write notes that the issue was seen, with the decision made; the second would queue it.
    late = replace(poller, ledger=beside(poller.ledger, None, other_service))
    assert poll(late, NAME).queued == ()
    with poller.ledger.read() as db:
        assert [run.run_id for run in queries.runs_of_issue(db, ref)] == others


def test_an_issue_that_an_operator_had_processed_since_it_was_refused_is_not_skipped(forge, poller):
    ref = open_issue(forge)
    (first,) = poll(poller, NAME).queued
    with poller.ledger.write() as db:
        endings.finish(db, first, endings.Ending(outcome=Outcome.ERROR, is_dead_letter=True), NOW)
    assert poll(poller, NAME).newly_skipped == {ref: "failed_before"}
    # The first write notes that the issue was seen, with the decision made; the second would count the skip.
    late = replace(poller, ledger=beside(poller.ledger, None, lambda: retry(poller, ref, WORD, again=False)))
    assert poll(late, NAME).newly_skipped == {}
    assert skips(poller) == {"failed_before": 1}
    with poller.ledger.read() as db:
        assert queries.skipped_issues(db) == {}


def test_a_first_start_holds_no_issue_back_that_somebody_had_processed_meanwhile(forge, poller_with):
    ref, poller = open_issue(forge), poller_with(first_start_limit=0)
    late = replace(poller, ledger=beside(poller.ledger, None, lambda: retry(poller, ref, WORD, again=False)))
    result = poll(late, NAME)
    assert (result.held, result.waiting) == (0, 0)


def test_what_an_operator_let_go_is_not_held_back_again_by_a_service_that_polls_for_the_first_time_too(
    forge, poller_with
):
    open_issue(forge)
    poller = poller_with(first_start_limit=0)

    def other_service_and_operator() -> None:
        assert poll(poller, NAME).held == 1
        assert let_go(poller.ledger, WORD, NAME, NOW) == 1

    late = replace(poller, ledger=beside(poller.ledger, None, other_service_and_operator))
    assert poll(late, NAME).waiting == 0
    assert len(poll(poller, NAME).queued) == 1


def test_an_operators_word_outlives_a_run_that_is_withdrawn(forge, poller, ask):
    forge.open_issue(NAME, "one", labels=[LABEL], author="octo")
    (first,) = poll(poller, NAME).queued
    ref = IssueRef(NAME, 1)
    with poller.ledger.write() as db:
        endings.finish(db, first, endings.Ending(outcome=Outcome.ERROR, is_dead_letter=True), NOW)
        issues.request_retry(db, ref, "again")
    (second,) = poll(poller, NAME).queued
    ask("POST", "/assignees", assignees=["octo"])
    assert poll(poller, NAME).withdrawn == (second,)
    ask("DELETE", "/assignees", assignees=["octo"])
    (third,) = poll(poller, NAME).queued
    with poller.ledger.write() as db:
        endings.finish(db, third, endings.Ending(outcome=Outcome.ERROR, is_dead_letter=True), NOW)
    assert poll(poller, NAME).queued == ()


def test_work_that_has_begun_is_not_withdrawn_and_nothing_else_is_said(forge, poller, ask):
    ref = open_issue(forge)
    (run_id,) = poll(poller, NAME).queued
    with poller.ledger.write() as db:
        runs.release(db, run_id, "host-a", NOW)
    ask("POST", "/assignees", assignees=["octo"])
    result = poll(poller, NAME)
    assert (result.withdrawn, result.newly_skipped, texts(forge)) == ((), {}, [])
    assert newest(poller, ref).state is RunState.RUNNING
    assert skips(poller) == {}


def test_a_transferred_issue_and_a_deleted_one_are_withdrawn(forge, poller):
    forge.create_repository("octo/other", labels=[LABEL])
    first, second = open_issue(forge), open_issue(forge)
    assert len(poll(poller, NAME).queued) == 2
    forge.transfer_issue(NAME, first.number, "octo/other")
    forge.delete_issue(NAME, second.number)
    assert len(poll(poller, NAME).withdrawn) == 2
    assert {newest(poller, ref).outcome for ref in (first, second)} == {Outcome.CANCELLED}


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 502},
        {"kind": "drop", "when": "before"},
        {"kind": "drop", "when": "after"},
        {"kind": "rate_limit", "rate_limit": "secondary", "retry_after_seconds": 0},
    ],
)
def test_a_comment_that_github_could_not_take_is_written_once_at_the_next_poll(forge, poller, fault):
    forge.faults.add(endpoint="create_comment", **fault)
    ref = open_issue(forge, labels=["WontFix"])
    assert poll(poller, NAME).newly_skipped == {ref: "skip_label"}
    for _ in range(2):
        assert poll(poller, NAME).newly_skipped == {}
        assert len(texts(forge)) == 1
    assert skips(poller) == {"skip_label": 1}


def test_a_comment_that_we_may_not_write_is_not_tried_again(forge, poller):
    fault = forge.faults.add("status", "create_comment", status=403, times=None)
    open_issue(forge, labels=["wontfix"])
    for _ in range(3):
        poll(poller, NAME)
    assert fault.hits == 1


def test_another_reason_is_counted_and_told_in_the_same_comment(forge, poller, ask):
    open_issue(forge, labels=["wontfix"])
    poll(poller, NAME)
    ask("DELETE", "/labels/wontfix")
    ask("POST", "/assignees", assignees=["octo"])
    poll(poller, NAME)
    poll(poller, NAME)
    assert skips(poller) == {"assigned": 1, "skip_label": 1}
    (text,) = texts(forge)
    assert "assigned" in text


def test_nobody_is_told_when_the_operator_wants_it_so(forge, poller_with):
    ref = open_issue(forge, labels=["wontfix"])
    assert poll(poller_with(explain_skips=False), NAME).newly_skipped == {ref: "skip_label"}
    assert texts(forge) == []


def test_an_archived_repository_is_refused_and_taken_up_again(forge, poller):
    open_issue(forge)
    forge.edit_repository(NAME, is_archived=True)
    with pytest.raises(GitHubError) as caught:
        poll(poller, NAME)
    assert str(caught.value) == ("octo/hello is archived, so read-only; unarchive it or take it out of the settings")
    forge.edit_repository(NAME, is_archived=False)
    assert len(poll(poller, NAME).queued) == 1


def test_issues_that_are_switched_off_are_named(forge, poller):
    forge.edit_repository(NAME, has_issues=False)
    with pytest.raises(GitHubNotFound, match="switch issues on in the repository's settings on GitHub"):
        poll(poller, NAME)


def test_a_poll_that_finds_nothing_new_costs_and_writes_nothing(forge, poller):
    open_issue(forge)
    open_issue(forge, labels=["wontfix"])
    poll(poller, NAME)
    poll(poller, NAME)
    before = forge.stats
    poll(poller, NAME)
    assert (forge.stats.rate_limit_spent, forge.stats.writes) == (before.rate_limit_spent, before.writes)

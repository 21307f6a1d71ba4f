"""Rounds of the canary step by step, against the forge, under a clock of our own."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from processor.errors import DatabaseAway, GitHubNotFound, GitHubUnavailable, NetworkError, ProcessorError
from processor.github_client import GitHubClient
from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.ledger import canary, families, operators, queries
from processor.ledger.operators import Act
from processor.model import CanaryResult
from processor.operations.canary.beginning import new_round
from processor.operations.canary.deciding import is_passing
from processor.operations.canary.issue_text import marker_of
from processor.operations.canary.keeping import Canary
from processor.operations.catching_up import catch_up
from processor.settings.sections import CommandAgent
from tests.acceptance.system import FILES
from tests.beside import beside
from tests.operations.canary.stage import LIMIT, SANDBOX, Stage


def test_a_round_is_due_at_once_and_then_every_interval(stage: Stage) -> None:
    service = stage.service()
    service.look()
    assert (stage.open_issues(), stage.woken) == ([1], 1)
    first = stage.round()
    assert (first.requested_by, first.deadline_at - first.begun_at) == ("clock", LIMIT)
    run = stage.work(*stage.poll())
    assert (run.is_canary, run.priority) == (True, "critical")
    service.look()
    service.look()
    ended = stage.round()
    assert (ended.result, ended.pull_request, ended.cleaned_at) == (CanaryResult.SUCCESS, 2, stage.clock.now)
    assert (stage.open_issues(), list(stage.forge.branches(SANDBOX))) == ([], ["main"])
    stage.clock.now += 3599
    service.look()
    assert stage.round() == ended
    stage.clock.now += 1
    service.look()
    assert (stage.round().round_id != ended.round_id, stage.open_issues()) == (True, [3])


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_issue_whose_answer_was_lost_is_found_before_another_is_made(stage: Stage, when: str) -> None:
    stage.forge.faults.add("drop", "create_issue", when=when)
    stage.service().look()
    assert stage.round().issue is None
    assert stage.round().trouble is not None
    for _ in range(3):
        stage.clock.now += 16
        stage.service().look()  # each time a service that knows nothing but the ledger
    assert (stage.round().issue, stage.round().trouble) == (1, None)
    assert len(stage.forge.issues(SANDBOX)) == 1


def test_a_second_issue_of_the_same_round_is_closed(stage: Stage) -> None:
    stage.forge.faults.add("drop", "create_issue")
    stage.service().look()
    marker = marker_of(stage.round().round_id, stage.installation)
    for _ in range(2):
        stage.forge.open_issue(SANDBOX, "Canary", marker, author="octo")
    stage.forge.open_issue(SANDBOX, "Mine", marker, author="octocat")
    stage.clock.now += 16
    stage.service().look()
    assert (stage.round().issue, stage.open_issues()) == (1, [1, 3])


def test_of_two_services_one_makes_the_round_and_the_other_goes_on_when_it_is_gone(stage: Stage) -> None:
    one, other = stage.service("host-a"), stage.service("host-b")
    one.look()
    other.look()
    assert len(stage.forge.issues(SANDBOX)) == 1
    stage.work(*stage.poll())
    other.look()
    assert stage.round().result is None
    stage.clock.now += 301
    other.look()
    other.look()
    assert (stage.round().result, stage.open_issues()) == (CanaryResult.SUCCESS, [])


def test_a_run_that_nobody_starts_in_time_is_a_timeout_and_is_cancelled(stage: Stage) -> None:
    service = stage.service()
    service.look()
    (run_id,) = stage.poll()
    stage.clock.now += LIMIT - 1
    service.look()
    assert stage.round().result is None
    stage.clock.now += 1
    service.look()
    ended = stage.round()
    assert ended.result is CanaryResult.TIMEOUT
    assert ended.reason == f"run {run_id} waited for a place when the limit of 600 s was over after 600 s"
    assert stage.context.load(run_id).cancel_requested_by == "canary"
    stage.clock.now += 61
    service.look()
    assert stage.open_issues() == []


def test_a_pause_is_no_failure_before_a_round_and_in_one(stage: Stage) -> None:
    service = stage.service()
    service.look()
    stage.poll()
    with stage.context.ledger.write() as db:
        act = Act(actor="ada@host", action="pause", target="all", reason="maintenance")
        operators.set_control(db, operators.PAUSED, True, act, stage.clock.now)
    stage.clock.now += LIMIT
    service.look()
    assert stage.round().result is CanaryResult.HELD
    assert stage.round().reason == "the processor is paused by ada@host: maintenance"
    stage.clock.now += 3600
    service.look()
    assert (stage.round().result, stage.round().issue) == (CanaryResult.HELD, None)
    with stage.context.ledger.read() as db:
        assert queries.canary_standing(db).consecutive_failures == 0


def test_a_dry_run_holds_a_round_and_writes_nothing(stage: Stage) -> None:
    stage.in_force(dry_run=True)
    stage.service().look()
    assert stage.round().result is CanaryResult.HELD
    assert stage.forge.issues(SANDBOX) == []


def test_what_is_not_as_it_should_be_on_github_is_a_failure(stage: Stage) -> None:
    service = stage.service()
    service.look()
    run = stage.work(*stage.poll())
    stage.forge.close_pull(SANDBOX, run.pull_request or 0)
    service.look()
    assert stage.round().result is CanaryResult.FAILED
    assert stage.round().reason == "pull request #2 should be open, and is closed"


def test_a_sandbox_that_is_not_there_is_a_failure_with_nothing_to_take_back(stage: Stage) -> None:
    stage.in_force(canary=stage.context.settings.main.canary.model_copy(update={"repository": "octo/nowhere"}))
    service = stage.service()
    service.look()
    assert str(stage.round().reason).startswith("GET /repos/octo/nowhere/issues was not found (404 Not Found); ")
    stage.clock.now += 16
    service.look()
    assert (stage.round().result, service.has_work()) == (CanaryResult.FAILED, False)


def test_labels_that_github_leaves_out_are_named_with_the_remedy(stage: Stage) -> None:
    stage.forge.create_user("reader")
    token = stage.forge.create_token("reader")
    with GitHubClient(stage.context.settings.main.github, lambda: token, environ={}) as github:
        stage.context = replace(stage.context, github=github)
        stage.service().look()
        ended = stage.round()
    assert ended.result is CanaryResult.FAILED
    assert ended.reason == (
        "GitHub made octo/sandbox#1 without auto-processable, critical, so nothing takes it as it should; "
        "give our account the role write in octo/sandbox"
    )
    assert stage.open_issues() == []


def test_github_away_until_the_end_is_a_failure_with_what_was_met(stage: Stage) -> None:
    stage.forge.faults.add("status", "create_issue", status=503, times=1000)
    stage.forge.faults.add("status", "list_issues", status=503, times=1000)
    service = stage.service()
    while not stage.has_ended():
        service.look()
        stage.clock.now += 200
    assert stage.round().result is CanaryResult.FAILED
    assert str(stage.round().reason).startswith("the issue could not be made within 600 s: GitHub ")


def test_a_branch_that_somebody_moved_is_left_alone(stage: Stage) -> None:
    service = stage.service()
    service.look()
    run = stage.work(*stage.poll())
    service.look()
    stage.forge.commit_files(SANDBOX, {"mine.txt": "mine\n"}, message="Mine", branch=run.branch)
    service.look()
    assert (stage.open_issues(), sorted(stage.forge.branches(SANDBOX))) == ([], [run.branch, "main"])


def test_a_restored_ledger_adopts_nothing_of_the_canary(stage: Stage) -> None:
    service = stage.service()
    service.look()
    run = stage.work(*stage.poll())
    assert run.pull_request == 2
    assert catch_up(stage.context).adopted == ()
    with stage.context.ledger.read() as db:
        assert queries.open_pull_requests(db, SANDBOX) == ()


def test_a_round_by_hand_counts_for_the_clock_and_none_begins_beside_another(stage: Stage) -> None:
    main, now = stage.context.settings.main, stage.clock.now
    with stage.context.ledger.write() as db:
        assert canary.begin(db, new_round(db, main, "ada@host"), now) is not None
        assert canary.begin(db, new_round(db, main, "bob@host"), now) is None
    stage.service().look()
    assert (stage.round().requested_by, len(stage.forge.issues(SANDBOX))) == ("ada@host", 1)


def test_a_run_that_ended_in_time_while_github_is_away_is_judged_when_it_is_back_or_given_up(stage: Stage) -> None:
    service = stage.service()
    service.look()
    run = stage.work(*stage.poll())
    away = stage.forge.faults.add("status", "list_pulls", status=503, times=1000)
    service.look()
    assert stage.round().result is None
    stage.clock.now += LIMIT
    service.look()
    assert stage.round().result is None
    stage.clock.now += 600
    service.look()
    assert stage.round().result is CanaryResult.FAILED
    assert str(stage.round().reason).startswith(f"run {run.run_id} ended in time, and nobody could look at GitHub: ")
    stage.forge.faults.remove(away.id)
    stage.clock.now += 61
    service.look()
    assert (stage.open_issues(), list(stage.forge.branches(SANDBOX))) == ([], ["main"])


def test_what_cannot_be_taken_back_hinders_no_round_and_is_asked_for_less_and_less(stage: Stage) -> None:
    service = stage.service()
    service.look()
    stage.work(*stage.poll())
    stage.forge.faults.add("status", "update_issue", status=403, times=1000)
    asked = []
    for _ in range(70):
        stage.clock.now += 50
        service.look()
        asked.append(sum(fault.hits for fault in stage.forge.faults.list()))
    assert stage.round().result is CanaryResult.SUCCESS
    assert 0 < asked[-1] <= 9
    stage.clock.now += 3600
    service.look()
    assert stage.round().issue == 3


def test_what_an_agent_cost_is_counted_though_its_run_failed_and_nothing_can_be_taken_back(stage: Stage) -> None:
    said = Path(__file__).parents[2] / "testdata" / "agent_output" / "claude-json.ok.stdout"
    argv = (sys.executable, "-c", "import pathlib, sys; print(pathlib.Path(sys.argv[1]).read_text())", str(said))
    stage.in_force(agents={"edit": CommandAgent(kind="command", profile="claude", argv=argv)})
    stage.forge.faults.add("status", "update_issue", status=403, times=1000)
    service = stage.service()
    service.look()
    assert stage.work(*stage.poll()).error_type == "agent_no_change"
    service.look()
    service.look()
    assert (stage.round().result, stage.round().cleaned_at) == (CanaryResult.FAILED, None)
    with stage.context.ledger.read() as db:
        assert [one.value for one in queries.totals_of(db, families.CANARY_COST)] == [pytest.approx(0.00064125)]


def test_a_round_that_a_dry_run_takes_over_is_held_and_makes_no_issue(stage: Stage) -> None:
    with stage.context.ledger.write() as db:  # by hand, or by a service that was no dry run
        canary.begin(db, new_round(db, stage.context.settings.main, "ada@host"), stage.clock.now)
    stage.in_force(dry_run=True)
    stage.service().look()
    assert stage.round().result is CanaryResult.HELD
    assert stage.round().reason == "the processor is in dry run, and writes nothing on GitHub"
    assert stage.forge.issues(SANDBOX) == []


def test_a_run_that_was_a_dry_run_is_no_failure(stage: Stage) -> None:
    stage.service().look()
    stage.in_force(dry_run=True)
    run = stage.work(*stage.poll())
    stage.service().look()
    assert (stage.round().result, stage.round().reason) == (
        CanaryResult.HELD,
        f"run {run.run_id} was a dry run, and published nothing",
    )


@pytest.mark.parametrize(("following", "instead"), [("octo/other", "has octo/other"), (None, "has none")])
def test_a_sandbox_that_is_replaced_in_a_round_is_left_clean(stage: Stage, following: str | None, instead: str) -> None:
    stage.forge.create_repository("octo/other", files=FILES)
    stage.service().look()
    (run_id,) = stage.poll()
    stage.in_force(canary=stage.context.settings.main.canary.model_copy(update={"repository": following}))
    stage.clock.now += 1
    service = stage.service()
    assert service.has_work()
    assert not service.is_waiting_for_intake()
    service.look()
    assert stage.context.load(run_id).cancel_requested_by == "canary"
    stage.clock.now += 61
    service.look()
    assert (stage.open_issues(), service.has_work()) == ([], following is not None)
    with stage.context.ledger.read() as db:
        left = queries.canary_rounds_recent(db, 2)[-1]
    assert (left.result, left.cleaned_at) == (CanaryResult.HELD, stage.clock.now)
    assert left.reason == f"octo/sandbox is not the sandbox of the service, which {instead}"


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (DatabaseAway("locked"), True),
        (GitHubUnavailable("503"), True),
        (NetworkError("no route"), True),
        (GitHubNotFound("gone"), False),
    ],
)
def test_what_passes_by_itself_ends_no_round(error: ProcessorError, passes: bool) -> None:
    assert is_passing(error) is passes


def test_a_poll_that_comes_too_late_queues_no_run_that_nobody_would_take_back(stage: Stage) -> None:
    service = stage.service()
    service.look()

    def the_round_ends() -> None:
        stage.clock.now += LIMIT + 1
        service.look()

    # The first write of the poll notes that the issue was seen; the second would queue it.
    late = replace(stage.context, ledger=beside(stage.context.ledger, None, the_round_ends))
    assert poll(Poller(late.settings, late.ledger, late.github, late.clock), SANDBOX).queued == ()
    service.look()
    ended = stage.round()
    assert (ended.result, ended.cleaned_at, stage.open_issues()) == (CanaryResult.TIMEOUT, stage.clock.now, [])


def test_a_service_that_takes_a_round_over_goes_on_from_where_it_is_then(stage: Stage) -> None:
    main = stage.context.settings.main
    with stage.context.ledger.write() as db:
        canary.begin(db, new_round(db, main, "ada"), stage.clock.now)

    def the_other_works_and_falls_silent() -> None:
        stage.service("host-b").look()
        stage.clock.now += 301

    late = replace(stage.context, ledger=beside(stage.context.ledger, the_other_works_and_falls_silent))
    Canary(late, lambda *, is_new: None).look()  # noqa: ARG005  # a protocol
    assert stage.open_issues() == [1]


def test_a_service_that_github_holds_up_makes_no_second_issue_when_another_went_on(stage: Stage) -> None:
    def the_other_goes_on() -> None:
        stage.clock.now += 301
        stage.service("host-b").look()

    # Its writes: begin the round, take it, and note that the issue is asked for.
    slow = replace(stage.context, ledger=beside(stage.context.ledger, None, None, the_other_goes_on))
    Canary(slow, lambda *, is_new: None).look()  # noqa: ARG005  # a protocol
    assert (len(stage.forge.issues(SANDBOX)), stage.round().issue) == (1, 1)


def test_a_service_without_the_sandbox_ends_no_round_that_another_has_just_begun(stage: Stage) -> None:
    with_it = stage.context
    stage.in_force(canary=with_it.settings.main.canary.model_copy(update={"repository": None}))
    without = stage.service("host-b")
    stage.context = with_it
    begun = replace(with_it, ledger=beside(with_it.ledger, None, without.look))
    Canary(begun, lambda *, is_new: None).look()  # noqa: ARG005  # a protocol
    assert (stage.round().result, stage.open_issues()) == (None, [1])

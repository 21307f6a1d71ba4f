"""Kill -9 wherever it hurts: one branch, one pull request, the right outcome, nothing left behind."""

import pytest

from tests.acceptance.system import REPOSITORY, System, wait_until


def test_a_kill_in_the_agent_phase_ends_the_agent_and_runs_it_again(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    first = system.start_installed()
    wait_until((system.marks / "agent-started").exists, "the agent")
    system.kill(first)
    (system.marks / "agent-go").touch()
    second = system.start_installed()
    system.assert_one_pull_request(ref)
    system.stop(second)
    system.assert_nothing_left()


@pytest.mark.parametrize("endpoint", ["git_fetch_pack", "git_fetch_refs"])
def test_a_kill_in_the_prepare_phase_is_resumed(system: System, endpoint: str) -> None:
    hold = system.forge.faults.add("hold", endpoint)
    ref = system.open_issue()
    first = system.start()
    assert hold.wait_until_reached()
    system.kill(first)
    hold.release(abandon=True)
    second = system.start()
    system.assert_one_pull_request(ref)
    system.stop(second)
    system.assert_nothing_left()


def test_a_kill_in_the_gate_phase_is_resumed(system: System) -> None:
    system.gate = {
        "checks": [
            {
                "name": "slow",
                "argv": [
                    "sh",
                    "-c",
                    f"touch {system.marks}/gate-started; while [ ! -e {system.marks}/gate-go ]; do sleep 0.05; done",
                ],
            }
        ]
    }
    ref = system.open_issue()
    first = system.start()
    wait_until((system.marks / "gate-started").exists, "the gate")
    system.kill(first)
    (system.marks / "gate-go").touch()
    second = system.start()
    system.assert_one_pull_request(ref)
    system.stop(second)
    system.assert_nothing_left()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("endpoint", ["git_push_pack", "create_pull"])
def test_a_kill_around_a_write_leaves_one_branch_and_one_pull_request(system: System, endpoint: str, when: str) -> None:
    hold = system.forge.faults.add("hold", endpoint, when=when)
    ref = system.open_issue()
    first = system.start()
    assert hold.wait_until_reached()
    system.kill(first)
    # After the effect the request has done its work and only its answer is lost; before it, the work never happens.
    hold.release(abandon=True)
    second = system.start()
    system.assert_one_pull_request(ref)
    system.stop(second)
    system.assert_nothing_left()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("endpoint", ["git_push_pack", "create_pull", "create_comment", "add_labels"])
def test_a_lost_answer_is_looked_up_before_the_write_is_repeated(system: System, endpoint: str, when: str) -> None:
    system.forge.faults.add("drop", endpoint, when=when)
    ref = system.open_issue()
    service = system.start()
    system.assert_one_pull_request(ref)
    system.stop(service)
    assert len(system.forge.comments(REPOSITORY, ref.number)) <= 1
    system.assert_nothing_left()


def test_a_service_killed_again_and_again_still_counts_the_run_once(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    for _ in range(3):
        service = system.start()
        wait_until((system.marks / "agent-started").exists, "the agent")
        system.kill(service)
        (system.marks / "agent-started").unlink()
    (system.marks / "agent-go").touch()
    last = system.start()
    system.assert_one_pull_request(ref)
    assert system.get("/api/metrics")["processing"]["total_issues_processed"] == 1
    system.stop(last)
    log = (system.root / "logs" / "auto_issue_processor.log").read_text()
    assert log.count(" ISSUE_PROCESSED ") == log.count(" PROCESSING_COMPLETED ") == 1

"""What no run may do: stay active for ever, or take its service with it again and again."""

import sqlite3

import psutil

from processor.ledger import families, queries
from tests.acceptance.system import REPOSITORY, System, wait_until
from tests.forked import start_aip


def test_a_run_in_whose_phase_the_service_dies_again_and_again_ends_as_an_error(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    for _ in range(6):
        service = system.start()
        wait_until((system.marks / "agent-started").exists, "the agent")
        system.kill(service)
        (system.marks / "agent-started").unlink()
    last = system.start()
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.error_type, run.is_dead_letter) == ("error", "other", True)
    assert run.error_message == (
        "the service died 6 times in phase agent of this run, which is taken for the cause; "
        "see the log of the service and of the system, then `aip queue retry`"
    )
    assert system.stop(last) == 0
    assert list(system.forge.branches(REPOSITORY)) == ["main"]
    system.assert_nothing_left()
    with system.ledger.read() as db:
        assert [(row.labels["outcome"], row.value) for row in queries.totals_of(db, families.RUNS)] == [("error", 1.0)]


def test_a_service_that_leaves_in_good_order_is_no_crash_of_the_run(system: System) -> None:
    system.settings["engine"]["drain_seconds"] = 0
    ref = system.open_issue(labels=["agent:wait"])
    for _ in range(2):
        service = system.start()
        wait_until((system.marks / "agent-started").exists, "the agent")
        assert system.stop(service) == 0
        (system.marks / "agent-started").unlink()
        with system.ledger.read() as db:
            assert db.exec_driver_sql("SELECT count(*) FROM phases WHERE ended_at IS NULL").scalar() == 0
    (system.marks / "agent-go").touch()
    last = system.start()
    system.assert_one_pull_request(ref)
    assert system.stop(last) == 0


def test_a_run_ends_at_its_deadline_however_many_tries_are_left(system: System) -> None:
    system.settings["engine"]["run_deadline_seconds"] = system.settings["timeout"] = 10
    system.settings["engine"]["retries"]["agent_exit"] = {"attempts": 9, "first_delay_seconds": 0.01}
    for agent in system.settings["agents"].values():
        agent["timeout_seconds"] = 10
    # The first try fails at once, and the second hangs: at the deadline an agent works, however slow this machine is.
    tried, hanging = system.marks / "tried", system.settings["agents"]["hang"]
    script = f'if [ -e {tried} ]; then exec "$@"; fi; touch {tried}; exit 3'
    hanging |= {"argv": ["sh", "-c", script, "sh", *hanging["argv"]]}
    ref = system.open_issue(labels=["agent:hang"])
    service = system.start()
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.error_type) == ("timeout", "run_deadline")
    assert "limit of 10 s" in (run.error_message or "")
    assert run.attempts == 2
    assert 10 <= (run.duration_seconds or 0) < 60
    system.assert_nothing_left()
    # Whoever was killed has been waited for: no child of the service is a zombie.
    children = psutil.Process(service.pid).children(recursive=True)
    assert [child for child in children if child.status() == psutil.STATUS_ZOMBIE] == []
    assert system.stop(service) == 0


def test_a_run_that_another_version_of_the_steps_left_begins_anew(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    old = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    system.kill(old)
    with sqlite3.connect(system.root / "state" / "engine.sqlite") as connection:
        changed = connection.execute("UPDATE workflow_status SET application_version = 'pipeline-0'")
        assert changed.rowcount == 1
    connection.close()
    (system.marks / "agent-go").touch()
    new = system.start()
    system.assert_one_pull_request(ref)
    assert system.stop(new) == 0
    system.assert_nothing_left()


def test_once_leaves_although_a_run_that_it_resumed_is_not_done(system: System) -> None:
    left = system.open_issue(labels=["agent:wait"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    system.kill(service)
    ref = system.open_issue("Fix the other greeting")
    done = system.aip("once", str(ref), seconds=60)
    assert done.returncode == 0, done.stderr
    assert system.programs() == []
    assert system.runs(left)[0].outcome is None
    (system.marks / "agent-go").touch()
    last = system.start()
    assert system.wait_for_outcome(left).outcome == "success"
    assert system.stop(last) == 0


def test_in_a_pause_a_forced_issue_is_done_and_any_other_says_what_it_waits_for(system: System) -> None:
    system.settings["intake"]["poll_interval_seconds"] = 3600
    assert system.aip("pause", "--reason", "runs fail").returncode == 0
    service = system.start()
    wait_until(lambda: system.get("/api/status")["last_poll_success_at"], "the only poll")
    forced, other = system.open_issue(), system.open_issue("Fix the other greeting")
    done = system.aip("once", str(forced), "--force")
    assert done.returncode == 0, done.stderr
    assert "it waits" not in done.stderr
    said = system.root / "said"
    waiting = start_aip(["once", str(other)], env=system.environment, cwd=system.root, stdout=said)
    system.services.append(waiting)
    wait_until(lambda: "it waits: nothing starts, because " in said.read_text(), "the word of the pause", 60)
    assert system.aip("resume").returncode == 0
    assert waiting.wait(60) == 0
    assert system.runs(other)[0].outcome == "success"
    assert system.stop(service) == 0

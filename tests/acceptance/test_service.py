"""The service as an operator sees it: start, drain, stop, resume, limits, dry run, API."""

import json
import signal
import time

from processor.ledger import queries, services
from tests.acceptance.system import REPOSITORY, System, wait_until
from tests.forked import start_aip


def test_a_dry_run_does_everything_up_to_the_gate_and_writes_nothing(system: System) -> None:
    ref = system.open_issue()
    system.open_issue("Not for robots", labels=["wontfix"])
    before = system.forge.stats.writes
    service = system.start(None, "--dry-run")
    run = system.wait_for_outcome(ref)
    system.stop(service)
    assert (run.outcome, run.is_dry_run, run.gate_passed, run.pull_request) == ("success", True, True, None)
    assert system.forge.stats.writes - before == 0
    assert len(system.runs(ref)) == 1


def test_a_dry_run_of_one_issue_writes_nothing_and_leaves_it_eligible(system: System) -> None:
    ref = system.open_issue()
    before = system.forge.stats.writes
    done = system.aip("once", str(ref), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "a real run would open a pull request" in done.stdout
    assert system.forge.stats.writes - before == 0
    done = system.aip("once", str(ref))
    assert done.returncode == 0, done.stderr
    assert "/octo/hello/pull/2" in done.stdout
    told = [line.strip() for line in done.stderr.splitlines() if line.startswith("  ")]
    assert told == ["prepare", "agent", "gate", "publish"]
    system.assert_one_pull_request(ref)
    assert "--force does not override this one" in system.aip("once", str(ref), "--force").stderr
    done = system.aip("once", str(ref), "--dry-run", "--force", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["is_dry_run"] is True
    system.assert_one_pull_request(ref)


def test_once_refuses_an_ineligible_issue_with_its_reason_unless_forced(system: System) -> None:
    ref = system.open_issue(labels=["wontfix"])
    refused = system.aip("once", str(ref))
    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1] == (
        f"aip: {ref} is not eligible: skip_label (wontfix); `aip explain {ref}` shows every rule, "
        "--force processes it all the same"
    )
    assert system.forge.pulls(REPOSITORY) == []
    assert system.aip("once", str(ref), "--force").returncode == 0
    system.assert_one_pull_request(ref)


def test_once_leaves_when_github_has_been_told_at_the_pace_that_it_asks_for(system: System) -> None:
    system.settings["github"]["seconds_between_writes"] = 0.5
    ref = system.open_issue()
    assert system.aip("once", str(ref)).returncode == 0
    (comment,) = system.forge.comments(REPOSITORY, ref.number)
    assert "Opened #2 for this issue" in comment.body
    assert "auto-fix" in system.forge.issue(REPOSITORY, 2).labels
    with system.ledger.read() as db:
        assert queries.was_announced(db, system.runs(ref)[0].run_id)


def test_once_beside_a_service_follows_what_the_service_does(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    assert system.aip("pause").returncode == 0
    ref = system.open_issue()
    wait_until(lambda: system.runs(ref), "the run to be queued")
    refused = system.aip("once", str(ref))
    assert refused.returncode == 1
    assert "active" in refused.stderr
    assert system.aip("resume").returncode == 0
    system.assert_one_pull_request(ref)
    system.stop(service)


def test_once_does_the_work_itself_when_the_service_that_it_follows_leaves_before(system: System) -> None:
    ref = system.open_issue()
    system.write_settings()
    with system.ledger.write() as db:  # a beat that stays young, however long a busy machine takes
        beat_at = time.time() + 600
        services.announce(
            db,
            services.ServiceRecord(
                instance="host-b", host="elsewhere", pid=1, url="http://127.0.0.1:9", state="running",
                started_at=beat_at, heartbeat_at=beat_at,
            ),
        )  # fmt: skip
    said = system.root / "once.log"
    once = start_aip(["once", str(ref)], env=system.environment, cwd=system.root, stdout=said)
    wait_until(lambda: "this command follows" in said.read_text(), "the command to follow the service")
    with system.ledger.write() as db:
        services.beat(db, "host-b", "stopped", beat_at)
    assert once.wait(60) == 0, said.read_text()
    system.assert_one_pull_request(ref)


def test_a_run_that_is_cancelled_while_it_waits_has_its_line_in_the_log_once(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    assert system.aip("pause").returncode == 0
    ref = system.open_issue()
    run = wait_until(lambda: system.runs(ref), "the run to be queued")[0]
    assert system.aip("queue", "cancel", run.run_id).returncode == 0

    def lines() -> list[str]:
        log = (system.root / "logs" / "auto_issue_processor.log").read_text().splitlines()
        return [line for line in log if "RUN_CANCELLED" in line]

    wait_until(lines, "the line")
    system.stop(service)
    (line,) = lines()
    assert line.endswith(f"WARNING AutoIssueProcessor RUN_CANCELLED issue={ref} run={run.run_id} status=cancelled")


def test_sigterm_lets_an_active_run_end_first(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start_installed()
    wait_until((system.marks / "agent-started").exists, "the agent")
    service.send_signal(signal.SIGTERM)
    wait_until(lambda: "service.draining" in system.log(), "the drain to begin")
    (system.marks / "agent-go").touch()
    assert service.wait(60) == 0
    system.assert_one_pull_request(ref)


def test_a_second_sigterm_stops_at_once_and_the_next_start_resumes(system: System) -> None:
    system.settings["engine"]["drain_seconds"] = 300
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    service.send_signal(signal.SIGTERM)
    wait_until(lambda: "service.draining" in system.log(), "the drain to begin")
    service.send_signal(signal.SIGTERM)
    assert service.wait(60) == 0
    assert system.programs() == []
    assert system.runs(ref)[0].outcome is None
    (system.marks / "agent-go").touch()
    second = system.start()
    system.assert_one_pull_request(ref)
    system.stop(second)


def test_a_drain_that_takes_too_long_leaves_the_run_to_the_next_start(system: System) -> None:
    system.settings["engine"]["drain_seconds"] = 0.5
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    assert system.stop(service) == 0
    assert system.programs() == []
    (system.marks / "agent-go").touch()
    second = system.start()
    system.assert_one_pull_request(ref)
    system.stop(second)


def test_a_first_start_takes_so_many_and_says_how_many_wait(system: System) -> None:
    system.settings["intake"]["first_start_limit"] = 2
    refs = [system.open_issue(f"Fix greeting {number}") for number in range(5)]
    service = system.start()
    for ref in refs[:2]:
        system.wait_for_outcome(ref)
    held = wait_until(lambda: system.events("issues.held"), "the word about the others")[0]
    assert (held["taken"], held["waiting"]) == (2, 3)
    # Three issues, each as long as an agent may work, one at a time.
    assert (held["seconds_estimated"] > 0, held["basis"]) == (True, "an agent's limit of 1800 s")
    assert held["next_step"] == f"aip queue retry --waiting {REPOSITORY}"
    assert system.get("/api/status")["waiting_for_operator"] == 3
    assert [bool(system.runs(ref)) for ref in refs] == [True, True, False, False, False]
    done = system.aip("queue", "retry", "--waiting", REPOSITORY)
    assert done.returncode == 0, done.stderr
    for ref in refs[2:]:
        assert system.wait_for_outcome(ref).outcome == "success"
    system.stop(service)


def test_the_api_says_what_is_active(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait", "p0"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    status = system.get("/api/status")
    assert [(task["issue"], task["phase"], task["priority"]) for task in status["active_tasks"]] == [
        (str(ref), "agent", "critical")
    ]
    assert system.get("/-/healthy") == "healthy\n"
    assert system.get("/-/ready") == "running\n"
    assert "\naip_active_tasks 1.0\n" in system.get("/metrics")
    (system.marks / "agent-go").touch()
    system.wait_for_outcome(ref)
    processing = system.get("/api/metrics")["processing"]
    assert processing["total_issues_processed"] == 1
    assert processing["success_rate"] == 100.0
    system.stop(service)


def test_before_anything_was_processed_there_is_no_success_rate(system: System) -> None:
    service = system.start()
    assert system.get("/api/metrics")["processing"]["success_rate"] is None
    system.stop(service)


def test_polls_that_find_nothing_new_spend_no_rate_limit(system: System) -> None:
    system.settings["checklists"] = {"enabled": False}  # which ask GitHub for security alerts by the clock
    ref = system.open_issue(labels=["wontfix"])
    service = system.start()
    wait_until(lambda: system.forge.comments(REPOSITORY, ref.number), "the word to the author")
    polls = len(system.forge.requests.entries(endpoint="list_issues"))
    wait_until(lambda: len(system.forge.requests.entries(endpoint="list_issues")) >= polls + 2, "two polls")
    spent, polls = system.forge.stats.rate_limit_spent, len(system.forge.requests.entries(endpoint="list_issues"))
    wait_until(lambda: len(system.forge.requests.entries(endpoint="list_issues")) >= polls + 4, "four more polls")
    assert system.forge.stats.rate_limit_spent == spent
    system.stop(service)


def test_a_rate_limit_is_waited_for_and_said(system: System) -> None:
    system.settings["github"]["max_wait_seconds"] = 0.5
    system.forge.faults.add("rate_limit", "list_issues", rate_limit="secondary", retry_after_seconds=2)
    ref = system.open_issue()
    service = system.start()
    wait_until(lambda: "github.rate_limited" in system.log(), "the word in the log")
    system.assert_one_pull_request(ref)
    system.stop(service)


def test_github_being_away_for_a_while_does_not_end_the_service(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    system.forge.stop()
    wait_until(lambda: "poll.failed" in system.log(), "a failed poll")
    assert service.poll() is None
    system.forge.start()
    ref = system.open_issue()
    system.assert_one_pull_request(ref)
    system.stop(service)


def test_a_second_service_of_the_same_name_is_refused(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    second = system.aip("run")
    assert second.returncode == 2
    assert second.stderr.strip() == (
        f"aip: a service named host-a runs already (process {service.pid}); stop it, "
        "or give this one a name of its own with AUTO_ISSUE_INSTANCE"
    )
    system.stop(service)


def test_a_token_of_the_alerts_that_cannot_be_read_is_named_before_any_work(system: System) -> None:
    system.settings["alerting"] = {"token_file": "gone"}
    refused = system.aip("run")
    assert refused.returncode == 2
    assert refused.stderr.strip() == (
        "aip: gone: alerting.token_file: the file cannot be read (No such file or directory); "
        "put the token alone into it, such as one made by `openssl rand -hex 32`"
    )


def test_a_port_in_use_is_named_before_any_work(system: System) -> None:
    service = system.start()
    port = int(system.url().rsplit(":", 1)[1])
    system.settings["api"]["port"] = port
    system.settings["engine"]["instance"] = "host-b"
    refused = system.aip("run")
    assert refused.returncode == 2
    assert refused.stderr.strip() == (
        f"aip: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "stop what uses the port, or set api.port (AUTO_ISSUE_API_PORT), 0 for any free one"
    )
    system.stop(service)

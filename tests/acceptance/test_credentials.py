"""Tokens are rotated and revoked under a running service; nothing is lost by it and no restart is needed."""

import signal

from tests.acceptance.system import REPOSITORY, System, wait_until


def _rotate(system: System, token: str) -> None:
    system.forge.revoke_token(token)
    (system.root / "token").write_text(system.forge.create_token("octo"))


def test_a_token_that_is_rotated_in_the_middle_of_a_run_is_taken_up_by_rest_and_git(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    _rotate(system, system.token)
    (system.marks / "agent-go").touch()
    system.assert_one_pull_request(ref)
    assert system.runs(ref)[0].attempts == 1
    system.stop(service)


def test_while_github_refuses_the_token_queued_runs_wait_and_a_new_one_lets_them_go(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    system.aip("pause")
    ref = system.open_issue()
    wait_until(lambda: system.runs(ref), "the run to be queued")
    (system.root / "token").write_text("")  # as a rotation in place leaves it for a moment
    wait_until(lambda: "secret.unreadable" in system.log(), "the word that the last good token is used on")
    system.forge.revoke_token(system.token)
    wait_until(lambda: "401 Bad credentials" in (system.get("/api/status")["last_poll_error"] or ""), "a refused poll")
    system.aip("resume")
    polls = len(system.events("poll.failed"))
    wait_until(lambda: len(system.events("poll.failed")) > polls + 3, "more refused polls")
    assert system.runs(ref)[0].attempts == 0
    (system.root / "token").write_text(system.forge.create_token("octo"))
    system.assert_one_pull_request(ref)
    system.stop(service)


def test_an_installation_token_of_somebody_elses_making_does_the_job_with_one_comment(system: System) -> None:
    app = system.forge.create_app("workflow", public_key="no key is asked for")
    installation = system.forge.install_app(app.id, "octo")
    token, _ = system.forge.world.accounts.create_installation_token(installation)
    (system.root / "token").write_text(token)
    system.settings["engine"]["retries"]["agent_exit"] = {"attempts": 1}
    ref = system.open_issue(labels=["agent:fail"])
    assert system.aip("once", str(ref)).returncode == 1
    system.forge.set_labels(REPOSITORY, ref.number, ["auto-processable"])
    assert system.aip("once", str(ref), "--force").returncode == 0
    system.assert_one_pull_request(ref)
    (comment,) = system.forge.comments(REPOSITORY, ref.number)
    assert comment.author == "workflow[bot]"
    assert "Opened #" in comment.body


def test_sigterm_waits_for_no_rate_limit(system: System) -> None:
    system.settings["github"]["max_wait_seconds"] = 300
    system.settings["engine"]["drain_seconds"] = 300
    system.forge.faults.add("rate_limit", "get_issue", rate_limit="secondary", retry_after_seconds=300)
    ref = system.open_issue()
    service = system.start()
    wait_until(lambda: system.get("/api/status")["github"]["limited_until"], "the limit in the status")
    wait_until(lambda: '"endpoint": "issues", "retry_at"' in system.log(), "the limit in the log")
    assert "asked us to wait until" in system.aip("status").stdout
    service.send_signal(signal.SIGTERM)
    assert service.wait(60) == 0
    assert system.runs(ref)[0].outcome is None

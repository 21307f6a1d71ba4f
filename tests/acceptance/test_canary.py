"""The canary goes the whole way in its sandbox: once, verified, taken back, whatever fails or dies in between."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from processor.ledger import queries
from processor.ledger.queries import CanaryRound
from processor.model import CanaryResult, IssueRef
from tests.acceptance.system import FILES, System, wait_until

SANDBOX = "octo/sandbox"
CONFIGS = Path(__file__).parents[2] / "configs" / "auto_issue_processor.yaml"
#: As docs/canary.md has it.
MENDED_EACH_TIME = '"""A module with an import that nobody needs."""\n\nimport os\n'


@pytest.fixture
def watched(system: System) -> System:
    """Give the installation a sandbox; a round is due at the first start, and no other one in the test."""
    system.forge.create_repository(SANDBOX, files={**FILES, "canary.py": MENDED_EACH_TIME})
    system.settings["canary"] = {"repository": SANDBOX, "agent": "edit", "time_limit_seconds": 600}
    # The next poll by the clock is far away: the canary has it come sooner.
    system.settings["intake"]["poll_interval_seconds"] = 600
    return system


def test_a_round_by_hand_opens_verifies_and_takes_back_and_says_each_step(watched: System) -> None:
    shipped = yaml.safe_load(CONFIGS.read_text(encoding="utf-8"))
    watched.settings["agents"] |= shipped["agents"]
    watched.settings["default_agent"] = shipped["default_agent"]
    watched.settings["canary"] = {"repository": SANDBOX, "enabled": False}
    ref = watched.open_issue()
    stranger = watched.forge.open_issue(SANDBOX, "Me too", "It says helo.", labels=["auto-processable"], author="octo")
    service = watched.start()
    watched.wait_for_outcome(ref)
    before = watched.get("/api/metrics")["processing"]
    done = watched.aip("canary", "run", "--json")
    assert done.returncode == 0, done.stderr + watched.log()
    shown = json.loads(done.stdout)
    assert (shown["result"], shown["repository"]) == ("success", SANDBOX)
    told = [line.strip() for line in done.stderr.splitlines()]
    assert told[0] == f"issue {SANDBOX}#{shown['issue']} is open"
    assert told[-2:] == [
        f"pull request #{shown['pull_request']} is as it should be",
        "pull request and issue are closed, the branch is gone",
    ]
    assert watched.get("/api/metrics")["processing"] == before
    assert watched.runs(IssueRef(SANDBOX, stranger.number)) == ()
    assert watched.get("/api/runs")["runs"][0]["is_canary"]
    assert_taken_back(watched, issues=2, open_issues=1)
    watched.stop(service)


@pytest.mark.parametrize(
    ("endpoint", "when"),
    [
        ("create_issue", "after"),
        ("update_issue", "before"),
    ],
)
def test_a_kill_around_a_write_leaves_one_issue_and_nothing_behind(watched: System, endpoint: str, when: str) -> None:
    hold = watched.forge.faults.add("hold", endpoint, when=when)
    first = watched.start()
    assert hold.wait_until_reached(), watched.log()
    watched.kill(first)
    hold.release(abandon=True)
    second = watched.start()
    assert over(watched).result is CanaryResult.SUCCESS, watched.log()
    watched.stop(second)
    assert_taken_back(watched, issues=1)
    watched.assert_nothing_left()


def test_an_agent_that_fails_is_a_failure_with_its_reason_and_leaves_nothing(watched: System) -> None:
    watched.settings["canary"]["agent"] = "fail"
    watched.settings["engine"]["retries"]["agent_exit"] = {"attempts": 2, "first_delay_seconds": 0.1}
    service = watched.start()
    ended = over(watched)
    assert ended.result is CanaryResult.FAILED
    assert "agent_exit" in str(ended.reason)
    lines = (watched.root / "logs" / "auto_issue_processor.log").read_text(encoding="utf-8").splitlines()
    of_the_run = [line for line in lines if f"{SANDBOX}#1" in line]
    assert len(of_the_run) == 1
    assert "CANARY_RUN_FINISHED" in of_the_run[0]
    status = watched.get("/api/queue")
    assert status["dead_letters"] == []
    listed = watched.aip("canary", "status").stdout
    assert "failed" in listed
    assert f"{SANDBOX}#1" in listed
    assert watched.aip("pause", "--reason", "maintenance").returncode == 0
    refused = watched.aip("canary", "run")
    assert refused.returncode == 1
    assert "no round is made: the processor is paused by" in refused.stderr
    watched.stop(service)
    assert_taken_back(watched, issues=1)


def rounds(system: System) -> tuple[CanaryRound, ...]:
    if not (system.root / "state" / "ledger.sqlite").exists():
        return ()
    with system.ledger.read() as db:
        return queries.canary_rounds_recent(db, 100)


def over(system: System) -> CanaryRound:
    """Wait until the one round is over, and nothing of it is left."""

    def ended() -> CanaryRound | None:
        found = rounds(system)
        return found[0] if found and found[0].cleaned_at is not None else None

    try:
        one: CanaryRound = wait_until(ended, "the end of the round", 90)
    except AssertionError as exc:
        raise AssertionError(f"{exc}: {rounds(system)}\n{system.log()}") from exc
    assert len(rounds(system)) == 1
    return one


def assert_taken_back(system: System, *, issues: int, open_issues: int = 0) -> None:
    """Assert that so many issues were ever made, and that they, their pull requests and their branches are gone."""
    made: list[Any] = list(system.forge.issues(SANDBOX))
    assert (len(made), sum(issue.state == "open" for issue in made)) == (issues, open_issues), made
    pulls = system.forge.pulls(SANDBOX)
    assert len(pulls) <= issues, pulls
    assert all(pull.issue.state == "closed" for pull in pulls), pulls
    assert list(system.forge.branches(SANDBOX)) == ["main"]

"""The canary goes the whole way in its sandbox: once, verified, taken back, whatever dies in between."""

import json
from typing import Any

import pytest

from processor.ledger import queries
from processor.ledger.queries import CanaryRound
from tests.acceptance.system import FILES, System, wait_until

SANDBOX = "octo/sandbox"


@pytest.fixture
def watched(system: System) -> System:
    """Give the installation a sandbox whose rounds are made by hand."""
    system.forge.create_repository(SANDBOX, files=FILES)
    system.settings["canary"] = {
        "repository": SANDBOX,
        "enabled": False,
        "agent": "edit",
        "time_limit_seconds": 60,
        "interval_seconds": 60,
    }
    # The next poll by the clock is far away: the canary has it come sooner.
    system.settings["intake"]["poll_interval_seconds"] = 600
    return system


def test_a_round_opens_verifies_and_takes_back(watched: System) -> None:
    service = watched.start()
    watched.url()
    done = watched.aip("canary", "run", "--json")
    assert done.returncode == 0, done.stderr + watched.log()
    shown = json.loads(done.stdout)
    assert (shown["result"], shown["repository"]) == ("success", SANDBOX)
    assert "is as it should be" in done.stderr
    assert_taken_back(watched, issues=1)
    assert rounds(watched)[0].pull_request == shown["pull_request"]
    watched.stop(service)


def rounds(system: System) -> tuple[CanaryRound, ...]:
    with system.ledger.read() as db:
        return queries.canary_rounds_recent(db, 100)


def assert_taken_back(system: System, *, issues: int) -> None:
    """Assert that so many issues were ever made, and that they, their pull requests and their branches are gone."""
    made: list[Any] = list(system.forge.issues(SANDBOX))
    assert len(made) == issues, made
    assert {issue.state for issue in made} <= {"closed"}
    pulls = system.forge.pulls(SANDBOX)
    assert len(pulls) <= issues, pulls
    assert all(pull.issue.state == "closed" for pull in pulls), pulls
    assert list(system.forge.branches(SANDBOX)) == ["main"]


def is_clean(system: System) -> bool:
    return (
        wait_until(lambda: all(one.cleaned_at is not None for one in rounds(system)), "the rounds to be over") is True
    )

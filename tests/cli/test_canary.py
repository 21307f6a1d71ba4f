"""`aip canary` without a service: what it refuses, and what it shows of the rounds there were."""

import os
import threading
import time
from contextlib import nullcontext

import pytest

from processor.cli.top.ledger_desk import LedgerDesk
from processor.cli.top.picture import summary
from processor.ledger import canary, installations, queries, runs, services
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.ledger.runs import NewRun
from processor.model import CanaryResult, IssueRef, Priority
from processor.settings.load import load
from tests.acceptance.system import wait_until
from tests.forked import start_aip

SANDBOX = "octo/sandbox"


@pytest.mark.usefixtures("ledger")
def test_without_a_sandbox_there_is_nothing_to_run(aip):
    said = aip("canary", "run")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("aip: there is no canary: canary.repository is not set; name a sandbox in ")
    told = aip("canary", "status").out
    assert told.startswith("off: canary.repository is not set")
    assert "aip canary run" not in told


@pytest.mark.usefixtures("ledger")
def test_without_a_service_nobody_makes_a_round(aip, office):
    office.write_settings(canary={"repository": SANDBOX})
    said = aip("canary", "run", "--json")
    assert (said.code, said.out, said.err) == (1, "", "aip: no service lives to make a round; start `aip run`\n")
    assert "no round yet; `aip canary run` makes one" in aip("canary", "status").out


def test_the_last_rounds_are_shown_newest_first_with_their_reason(aip, office, ledger):
    office.write_settings(canary={"repository": SANDBOX})
    new = NewRound(repository=SANDBOX, requested_by=BY_THE_CLOCK, time_limit_seconds=600)
    with ledger.write() as db:
        for number, (result, reason) in enumerate(
            ((CanaryResult.SUCCESS, ""), (CanaryResult.FAILED, "the agent\x1b[31m failed"))
        ):
            round_id = canary.begin(db, new, 1000.0 * number)
            canary.set_issue(db, round_id, number + 7)
            canary.end(db, round_id, result, reason, 1000.0 * number + 90)
    said = aip("canary", "status", "--json").json
    assert (said["last_success_at"], said["consecutive_failures"], said["enabled"]) == (90.0, 1, True)
    assert [(one["result"], one["issue"], one["duration_seconds"], one["reason"]) for one in said["rounds"]] == [
        ("failed", 8, 90.0, "the agent\x1b[31m failed"),
        ("success", 7, 90.0, None),
    ]
    assert aip("status", "--json").json["canary"] == {
        "result": "failed", "reason": "the agent\x1b[31m failed", "begun_at": 1000.0, "ended_at": 1090.0
    }  # fmt: skip
    assert r"failed (" in aip("status").out
    shown = aip("canary", "status", "--limit", "1").out.splitlines()
    assert shown[0] == f"every 1 h 00 min in {SANDBOX}"
    assert "failed" in shown[-1]
    assert r"the agent\x1b[31m failed" in shown[-1]


def test_a_run_of_the_canary_is_marked_and_in_no_count(aip, office, ledger):
    office.write_settings(canary={"repository": SANDBOX})
    new = NewRun(
        ref=IssueRef(SANDBOX, 7), title="Canary: mend it", priority=Priority.CRITICAL, issue_created_at=0.0,
        discovered_at=0.0, branch="auto-fix/issue-7", sequence=1, requested_by="poll", is_canary=True,
    )  # fmt: skip
    with ledger.write() as db:
        run_id = runs.queue(db, new, 1.0)
    assert "(canary)" in aip("queue", "list").out
    assert sum(aip("status", "--json").json["queued"].values()) == 0
    assert "yes; in no number of real work" in aip("queue", "show", run_id).out
    desk = LedgerDesk(load(office.configs, {}), ledger, nullcontext, "ada@host")
    assert "backlog 0 (nothing waits), 1 of the canary" in summary(desk.look()).plain


def test_nobody_waits_for_what_cannot_be_taken_back_now(aip, office, ledger, scene):
    office.write_settings(canary={"repository": SANDBOX})
    scene.announce_service()
    ended = threading.Thread(target=end_the_next_round, args=(ledger,), daemon=True)
    ended.start()
    said = aip("canary", "run")
    ended.join()
    assert (said.code, said.err) == (1, "  in the way, and tried again: GitHub is away\n")
    assert said.out.startswith("failed after ")
    assert said.out.endswith(" s: the agent failed\n")


def test_who_follows_a_round_is_told_that_the_service_is_gone(office, ledger, scene):
    office.write_settings(canary={"repository": SANDBOX})
    scene.announce_service()
    out, err = office.root / "out", office.root / "err"
    followed = start_aip(["canary", "run"], cwd=office.root, env=os.environ, stdout=out, stderr=err)
    wait_until(lambda: under_way(ledger), "the round", 60)
    with ledger.write() as db:
        services.beat(db, "processor-1", "draining", time.time())
    wait_until(lambda: err.exists() and err.read_text(), "what is said", 60)
    end_the_next_round(ledger)
    assert followed.wait(60) == 1
    assert err.read_text().startswith("  no service lives any more; start `aip run`, which goes on with the round\n")


def under_way(ledger) -> bool:
    with ledger.read() as db:
        return bool(queries.canary_rounds_unfinished(db, 0.0))


def test_a_service_that_leaves_makes_no_round(aip, office, ledger, scene):
    office.write_settings(canary={"repository": SANDBOX})
    scene.announce_service()
    with ledger.write() as db:
        services.beat(db, "processor-1", "draining", time.time())
    assert aip("canary", "run").err == "aip: no service lives to make a round; start `aip run`\n"


def test_an_installation_is_adopted_once_and_on_record(aip, office, ledger):
    office.write_settings(canary={"repository": SANDBOX})
    with ledger.write() as db:
        own = installations.ensure_id(db)
    said = aip("canary", "adopt", "3f9c02d1", "--reason", "the old ledger is lost")
    assert said.out == (
        "3f9c02d1 is adopted: rounds are made again, and close what it left that is older than 1800 s\n"
    )
    assert aip("canary", "adopt", "3f9c02d1", "--json").json == {
        "installation": "3f9c02d1", "was_adopted_before": True
    }  # fmt: skip
    with ledger.read() as db:
        assert "3f9c02d1" in queries.installations(db)
    (act,) = aip("audit", "--json").json["acts"]
    assert (act["action"], act["target"], act["reason"]) == ("canary.adopt", "3f9c02d1", "the old ledger is lost")
    assert aip("canary", "status").out.splitlines()[1] == f"this is installation {own}"
    assert aip("canary", "status", "--json").json["installation"] == own
    refused = aip("canary", "adopt", own)
    assert (refused.code, refused.err.split(";")[0]) == (2, f"aip: {own} is this installation")
    assert aip("canary", "adopt", "all").err.startswith("aip: 'all' is no id of an installation, such as 3f9c02d1; ")


def end_the_next_round(ledger) -> None:
    """Do as a service that finds GitHub away when everything is to be taken back."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with ledger.write() as db:
            for one in queries.canary_rounds_unfinished(db, 0.0):
                canary.end(db, one.round_id, CanaryResult.FAILED, "the agent failed", time.time())
                canary.note_trouble(db, one.round_id, "GitHub is away")
                return

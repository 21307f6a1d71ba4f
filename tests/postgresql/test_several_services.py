"""Two services on one ledger: they share the work, and one takes over when the other dies."""

from collections import Counter
from itertools import pairwise

import pytest

from processor.ledger import families, queries
from processor.ledger.records import RunRecord
from processor.ledger.services import list_services
from tests.acceptance.system import REPOSITORY, wait_until
from tests.postgresql.host import Host

ISSUES = 20


def all_runs(host: Host) -> tuple[RunRecord, ...]:
    with host.ledger.read() as db:
        return queries.recent_runs(db, 1000)


def most_at_once(runs: tuple[RunRecord, ...]) -> int:
    """Count how many were at work at the busiest moment."""
    starts = [(run.started_at or 0.0, 1) for run in runs]
    ends = [(run.finished_at or 0.0, -1) for run in runs]
    level, most = 0, 0
    for _, step in sorted(starts + ends):
        level += step
        most = max(most, level)
    return most


def test_two_services_share_the_issues_and_do_none_twice(hosts: tuple[Host, Host]) -> None:
    parallel = {"host-a": 1, "host-b": 2}
    # What a change is made of matters not here: a quick refusal exercises the same queue.
    refs = [hosts[0].open_issue(f"Fix greeting {number}", labels=["agent:lie"]) for number in range(ISSUES)]
    assert hosts[0].aip("pause").returncode == 0
    for host in hosts:
        host.settings["max_parallel"] = parallel[host.root.name]
        host.start()
    for host in hosts:
        host.url()  # it works: neither has done everything before the other one begins
    assert hosts[0].aip("resume").returncode == 0
    wait_until(lambda: len(all_runs(hosts[0])) >= ISSUES, "every issue to end", 90)
    for host in hosts:
        assert host.stop(host.services[0]) == 0, host.log()
    runs = all_runs(hosts[0])
    assert Counter(run.ref for run in runs) == Counter(refs)
    assert {(run.outcome, run.error_type) for run in runs} == {("error", "agent_no_change")}
    for name, most in parallel.items():
        own = tuple(run for run in runs if run.executed_by == name)
        assert own, f"{name} did nothing"
        assert most_at_once(own) <= most
    assert len(list(hosts[0].marks.glob("environment-*"))) + len(list(hosts[1].marks.glob("environment-*"))) == ISSUES
    with hosts[0].ledger.read() as db:
        assert [row.value for row in queries.totals_of(db, families.RUNS)] == [ISSUES]


def test_the_other_service_takes_over_from_one_that_was_killed(hosts: tuple[Host, Host]) -> None:
    first, second = hosts
    ref = first.open_issue(labels=["agent:wait"])
    dying = first.start()
    wait_until((first.marks / "agent-started").exists, "the agent of host-a")
    heir = second.start()
    second.get("/api/status")
    first.kill(dying)
    wait_until((second.marks / "agent-started").exists, "the agent of host-b")
    (second.marks / "agent-go").touch()
    number = second.assert_one_pull_request(ref)
    run = second.runs(ref)[0]
    assert (run.executed_by, run.attempts) == ("host-b", 1)
    # The dead host comes back and finds nothing of it to do, and ends what it left.
    back = first.start()
    first.get("/api/status")
    assert first.programs() == []
    assert second.assert_one_pull_request(ref) == number
    for host, service in ((first, back), (second, heir)):
        assert host.stop(service) == 0
        host.assert_nothing_left()
    with second.ledger.read() as db:
        assert [(row.labels["outcome"], row.value) for row in queries.totals_of(db, families.RUNS)] == [
            ("success", 1.0)
        ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_service_that_lives_is_not_taken_over_from(hosts: tuple[Host, Host]) -> None:
    first, second = hosts
    ref = first.open_issue(labels=["agent:wait"])
    busy = first.start()
    wait_until((first.marks / "agent-started").exists, "the agent")
    other = second.start()
    second.get("/api/status")
    # Two looks are needed for a take-over: three of them pass while the other service does some work of its own.
    beats = [heartbeat(second)]
    while len(beats) < 4:
        wait_until(lambda: heartbeat(second) > beats[-1], "a heartbeat")
        beats.append(heartbeat(second))
    assert all(later > earlier for earlier, later in pairwise(beats))
    (first.marks / "agent-go").touch()
    first.assert_one_pull_request(ref)
    assert first.runs(ref)[0].executed_by == "host-a"
    assert not (second.marks / "agent-started").exists()
    assert first.stop(busy) == second.stop(other) == 0


def heartbeat(host: Host) -> float:

    with host.ledger.read() as db:
        return next(service.heartbeat_at for service in list_services(db) if service.instance == host.root.name)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_a_stopped_service_left_is_taken_over_as_well(hosts: tuple[Host, Host]) -> None:
    first, second = hosts
    first.settings["engine"]["drain_seconds"] = 0
    ref = first.open_issue(labels=["agent:wait"])
    leaving = first.start()
    wait_until((first.marks / "agent-started").exists, "the agent of host-a")
    assert first.stop(leaving) == 0
    assert first.programs() == []
    (second.marks / "agent-go").touch()
    heir = second.start()
    second.assert_one_pull_request(ref)
    assert second.stop(heir) == 0
    assert [name for name in second.forge.branches(REPOSITORY) if name != "main"] == [f"auto-fix/issue-{ref.number}"]

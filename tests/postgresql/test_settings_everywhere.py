"""One command changes settings and capacity on every host of a ledger, at once and at the next start."""

import pytest

from tests.acceptance.system import wait_until
from tests.postgresql.host import Host


def levels(host: Host) -> tuple[str, int]:
    status = host.get("/api/status")
    return status["capacity_level"], status["max_parallel"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_set_on_one_host_holds_on_all(hosts: tuple[Host, Host]) -> None:
    services = [host.start() for host in hosts]
    for host in hosts:
        host.url()
    first, second = hosts
    said = first.aip("capacity", "set", "medium", "--for", "1h", "--reason", "backup runs")
    assert said.returncode == 0, said.stderr
    wait_until(lambda: [levels(host) for host in hosts] == [("medium", 3)] * 2, "both to be at the level")
    fewer = ("config", "set", "max_parallel", "2", "gate.minimum_score", "60", "--reason", "x")
    assert second.aip(*fewer, "--for", "1h").returncode == 0
    wait_until(lambda: [levels(host) for host in hosts] == [("medium", 2)] * 2, "both to have fewer places")
    assert second.aip(*fewer, "--for", "2s").returncode == 0
    wait_until(lambda: [levels(host) for host in hosts] == [("medium", 3)] * 2, "both to end by themselves")
    logs = [host.root / "logs" / "auto_issue_processor.log" for host in hosts]
    ended = "OVERRIDE_ENDED setting="
    wait_until(lambda: sum(log.read_text().count(ended) for log in logs) == 2, "one host to tell of each end")
    good, second.gate = second.gate, {"minimum_score": "seventy"}
    said = second.aip("config", "diff")
    second.gate = good
    assert said.stdout.startswith("main.capacity.level: low -> medium until "), said.stderr
    assert "host-b goes on with its last good settings, and so does this command" in said.stderr
    assert first.stop(services[0]) == 0
    first.start()
    assert levels(first) == ("medium", 3)
    assert second.stop(services[1]) == 0

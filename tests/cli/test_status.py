"""`aip status` asks the running service, else reads the ledger and says so."""

import socket
import time
from collections.abc import Iterator

import pytest

from processor.api.app import create_app
from processor.api.server import ApiServer
from processor.api.views import ServiceState
from processor.ledger import services
from processor.model import Priority
from processor.service.host_use import HostUseReader
from processor.settings.sections import Api

KEYS = {"instance", "state", "active_tasks", "max_parallel", "queued", "waiting_for_operator", "github"}


def announce(ledger, url: str, *, host: str | None = None, heartbeat_at: float | None = None, **work) -> None:
    """Write a service's line as it does itself."""
    now = time.time()
    line = {"instance": "processor-1", "heartbeat_at": heartbeat_at or now, **work}
    record = services.ServiceRecord(
        host=host or socket.gethostname(), pid=1, url=url, state="running", started_at=now - 100, **line
    )
    with ledger.write() as db:
        services.announce(db, record)


@pytest.fixture
def service(ledger) -> Iterator[str]:
    """The API of a running service, and its address."""
    server = ApiServer(Api(port=0))
    state = ServiceState(
        instance="processor-1", state="running", started_at=time.time() - 100, max_parallel=7, capacity_level="medium",
        last_poll_success_at=time.time() - 30, last_poll_error=None, next_poll_at=time.time() + 570,
        github_limited_until=None, is_dry_run=True, agent_limit_seconds=1800, capacity_reason="CPU 0.75 (limit 0.7)",
    )  # fmt: skip
    use = HostUseReader([]).read
    app = create_app(ledger, version="0", service_state=lambda: state, clock=time.time, registry=None, host_use=use)
    server.start(app)
    announce(ledger, server.url)
    yield server.url
    server.stop()


def test_the_running_service_answers(aip, scene, service):
    run_id = scene.start(1)
    said = aip("status", "--json")
    assert said.code == 0
    assert said.json.keys() >= KEYS
    assert said.json["max_parallel"] == 7
    assert [task["run_id"] for task in said.json["active_tasks"]] == [run_id]
    assert said.err == f"from the service processor-1 at {service}\n"


@pytest.mark.usefixtures("service")
def test_text_shows_what_waits_for_a_word_and_what_it_would_take(aip, scene, read_issue):
    scene.hold(read_issue(1))
    said = aip("status").out
    assert "1 issue held back by a first start, about 4 min 17 s of work; `aip queue retry --waiting` lets" in said
    assert "yes; nothing is written on GitHub" in said


@pytest.mark.usefixtures("service")
def test_text_shows_work_queue_and_polls(aip, scene):
    run_id = scene.start(1)
    scene.queue(2, priority=Priority.LOW)
    lines = [" ".join(line.split()) for line in aip("status").out.splitlines()]
    assert "state: running" in lines
    assert "active: 1 of 7" in lines
    assert "load: medium: CPU 0.75 (limit 0.7)" in lines
    assert (
        "held: 1 of medium, low priority until the load is lower; `aip capacity show` says which starts when" in lines
    )
    assert "backlog: 1 (critical 0, high 0, medium 0, low 1)" in lines
    assert any(line.startswith("next poll:") for line in lines)
    assert any(line.startswith(f"{run_id} high agent 1") for line in lines)


def test_without_a_service_the_ledger_is_read_and_that_is_said(aip, scene):
    scene.queue(1)
    said = aip("status", "--json")
    assert said.code == 0
    assert said.json.keys() >= KEYS
    assert (said.json["state"], said.json["queued"]["high"]) == ("stopped", 1)
    assert (said.json["started_at"], said.json["uptime_seconds"]) == (None, None)
    assert "from the ledger: no service was ever started here" in said.err


def test_a_service_that_does_not_answer_is_named(aip, ledger):
    announce(ledger, "http://127.0.0.1:9")
    said = aip("status")
    assert said.code == 0
    assert "from the ledger: processor-1 did not answer at http://127.0.0.1:9" in said.out
    assert "unreachable" in said.out


def test_a_service_on_another_host_that_listens_there_only_is_not_asked(aip, ledger, service):
    announce(ledger, service, host="another-host")
    assert "listens on its own host another-host only" in aip("status").out


def test_a_dead_service_was_last_seen(aip, ledger):
    announce(ledger, "http://127.0.0.1:9", heartbeat_at=time.time() - 7200)
    assert "processor-1 was seen 2 h 00 min ago" in aip("status").out


def test_the_load_that_a_dead_service_was_under_is_not_shown(aip, ledger):
    announce(ledger, "http://127.0.0.1:9", heartbeat_at=time.time() - 60, capacity_level="high", max_parallel=1)
    lines = [" ".join(line.split()) for line in aip("status").out.splitlines()]
    assert {"active: 0 of 3", "load: auto: each host follows its load"} <= set(lines)


def test_what_some_host_starts_is_not_held(aip, scene, ledger):
    for number, priority in enumerate(Priority, 1):
        scene.queue(number, priority=priority)
    for name, level, places in (("one", "high", 1), ("two", "medium", 3)):
        announce(
            ledger, "http://127.0.0.1:9", instance=name, capacity_level=level, max_parallel=places, capacity_reason="x"
        )
    lines = [" ".join(line.split()) for line in aip("status").out.splitlines()]
    assert "active: 0 of 4 on 2 hosts" in lines
    assert "services: one (high load), two (medium load)" in lines
    assert any(line.startswith("held: 2 of medium, low priority") for line in lines)


@pytest.mark.usefixtures("ledger")
def test_a_pause_is_shown_with_who_and_why(aip):
    aip("pause", "--reason", "upgrade")
    assert ": upgrade; `aip resume` takes issues again" in aip("status").out


def test_a_service_that_asks_for_its_token_is_named(aip, ledger):
    """Called by an address that is none of this machine's own, as one that listens everywhere is from beside it."""
    server = ApiServer(Api(port=0))
    use, port = HostUseReader([]).read, server.url.rpartition(":")[2]
    app = create_app(
        ledger, version="0", service_state=lambda: None, clock=time.time, registry=None, host_use=use,
    )  # fmt: skip
    server.start(app)
    announce(ledger, f"http://0.0.0.0:{port}")
    said = aip("status", "--json")
    server.stop()
    assert said.code == 0
    assert said.err == (
        f"from the ledger: processor-1 refused at http://0.0.0.0:{port} (it asks for its token, which this user cannot "
        "read)\n"
    )

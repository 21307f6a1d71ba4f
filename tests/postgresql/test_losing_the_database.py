"""A database that goes away, and a lock that is lost on a host that lives."""

import signal

import pytest

from processor.engine.fencing import Fence
from processor.engine.liveness.session_lock import PostgresqlLiveness
from processor.errors import LedgerError, UsageError
from processor.ledger.address import ledger_url
from processor.ledger.services import list_services
from processor.settings.sections import State
from tests.acceptance.system import wait_until
from tests.postgresql.cluster import PASSWORD, Cluster
from tests.postgresql.conftest import Database
from tests.postgresql.host import Host


def cut_the_lock(database: Database) -> int:
    """End the session that holds the lock, from the server's side, and wait until it has ended."""
    return len(
        database.admin(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name = 'aip-liveness'"
        )
    )


def has_lost_its_lock(host: Host) -> bool:
    return '"event": "service.lock_lost"' in (host.root / "service-0.log").read_text()


def lock_pids(database: Database) -> list[tuple[object, ...]]:
    return database.admin(
        "SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
        "WHERE l.locktype = 'advisory' AND a.application_name = 'aip-liveness'"
    )


def liveness(state: State) -> PostgresqlLiveness:
    return PostgresqlLiveness(ledger_url(state, PASSWORD))


def test_a_name_is_taken_once_and_free_when_its_holder_is_gone(state: State) -> None:
    first, second = liveness(state), liveness(state)
    first.take("host-a")
    with pytest.raises(UsageError) as refused:
        second.take("host-a")
    assert str(refused.value) == (
        "a service named host-a runs already (a service on this database); stop it, "
        "or give this one a name of its own with AUTO_ISSUE_INSTANCE"
    )
    acts: list[str] = []
    second.take("host-b")
    assert not second.if_dead("host-a", lambda: acts.append("too early"))
    first.release()
    wait_until(lambda: second.if_dead("host-a", lambda: acts.append("taken over")), "the server to end the session")
    assert acts == ["taken over"]
    first.take("host-a")  # the one who took over has let go of the name
    first.release()
    second.release()


def test_a_lock_on_a_server_that_is_away_is_one_clear_error() -> None:
    away = PostgresqlLiveness(ledger_url(State(database_url="postgresql://aip@127.0.0.1:1/aip"), "hunter2"))
    with pytest.raises(LedgerError) as refused:
        away.take("host-a")
    assert str(refused.value) == (
        "no lock can be taken on postgresql://aip:***@127.0.0.1:1/aip: connection failed: "
        'connection to server at "127.0.0.1", port 1 failed: Connection refused; check that the server runs'
    )


def test_a_session_that_was_ended_is_one_clear_error_too(state: State, database: Database) -> None:
    lock = liveness(state)
    lock.take("host-a")
    cut_the_lock(database)
    for ask in (lambda: lock.if_dead("host-b", lambda: None), lock.find_others):
        with pytest.raises(
            LedgerError, match=r"^no lock can be taken on postgresql://aip:\*\*\*@.*; check that the server runs$"
        ):
            ask()
    lock.release()


def test_a_lost_lock_is_taken_again_when_nobody_else_has_it(state: State, database: Database) -> None:
    lock = liveness(state)
    lock.take("host-a")
    fence = Fence(lock, "host-a")
    assert fence.may_go_on(is_working=lambda: True, is_still_ours=lambda: False)
    cut_the_lock(database)
    assert fence.may_go_on(is_working=lambda: True, is_still_ours=lambda: True)
    assert not fence.is_down
    assert len(lock_pids(database)) == 1
    lock.release()


def test_a_service_whose_run_was_taken_over_must_leave(state: State, database: Database) -> None:
    lock = liveness(state)
    lock.take("host-a")
    fence = Fence(lock, "host-a")
    cut_the_lock(database)
    assert not fence.may_go_on(is_working=lambda: True, is_still_ours=lambda: False)
    lock.release()


def test_without_its_lock_a_service_leaves_only_if_it_works(state: State, database: Database) -> None:
    now = [100.0]
    lock, thief = liveness(state), liveness(state)
    lock.take("host-a")
    fence = Fence(lock, "host-a", clock=lambda: now[0])
    cut_the_lock(database)
    thief.take("host-a")
    working, idle = {"is_working": lambda: True}, {"is_working": lambda: False}
    assert fence.may_go_on(**working, is_still_ours=lambda: True)
    assert fence.is_down
    now[0] += 9.9
    assert fence.may_go_on(**working, is_still_ours=lambda: True)
    now[0] += 0.1
    assert not fence.may_go_on(**working, is_still_ours=lambda: True)
    assert fence.may_go_on(**idle, is_still_ours=lambda: True)
    thief.release()
    assert fence.may_go_on(**working, is_still_ours=lambda: True)
    assert not fence.is_down
    lock.release()


def test_a_service_that_loses_its_lock_to_another_ends_its_programs_and_leaves(host: Host, database: Database) -> None:
    ref = host.open_issue(labels=["agent:wait"])
    service = host.start()
    wait_until((host.marks / "agent-started").exists, "the agent")
    thief = liveness(host.state)
    wait_until(lambda: cut_the_lock(database) and steal(thief), "the lock to be stolen")
    assert service.wait(60) == 1
    assert host.programs() == []
    assert has_lost_its_lock(host)
    thief.release()
    (host.marks / "agent-go").touch()
    again = host.start()
    host.assert_one_pull_request(ref)
    assert host.stop(again) == 0


def steal(thief: PostgresqlLiveness) -> bool:
    try:
        thief.take("host-a")
    except UsageError:
        return False
    return True


def test_a_server_that_restarts_ends_neither_service_nor_run(host: Host, cluster: Cluster) -> None:
    service = host.start()
    host.get("/api/status")
    cluster.stop()
    wait_until(lambda: has_lost_its_lock(host), "the service to notice")
    assert "\naip_active_tasks 0.0\n" in host.get("/metrics")  # a scrape that failed would mean that it is dead
    cluster.start()
    # Idle it came through; now while an agent works.
    ref = host.open_issue(labels=["agent:wait"])
    wait_until((host.marks / "agent-started").exists, "the agent")
    cluster.stop(signal.SIGQUIT)  # as in a crash: no session is ended in order
    (host.marks / "agent-go").touch()
    cluster.start()
    host.ledger.close()
    host.assert_one_pull_request(ref)
    run = host.runs(ref)[0]
    assert (run.executed_by, run.attempts) == ("host-a", 1)
    assert service.poll() is None
    assert host.stop(service) == 0
    host.assert_nothing_left()


def test_sessions_that_the_server_ends_are_opened_again(host: Host, database: Database) -> None:
    service = host.start()
    host.get("/api/status")
    assert database.cut() > 0
    ref = host.open_issue()
    host.assert_one_pull_request(ref)
    with host.ledger.read() as db:
        assert [(record.instance, record.state) for record in list_services(db)] == [("host-a", "running")]
    assert service.poll() is None
    assert host.stop(service) == 0


def test_a_start_without_the_database_is_one_clear_error(host: Host) -> None:
    host.settings["state"]["database_url"] = "postgresql://aip@127.0.0.1:1/aip"
    refused = host.aip("run")
    assert refused.returncode == 1
    assert refused.stderr == (
        "aip: the ledger postgresql+psycopg://***@127.0.0.1:1/aip cannot be opened: connection failed: "
        'connection to server at "127.0.0.1", port 1 failed: Connection refused; '
        "check that the server runs, and state.database_url and state.database_password_file\n"
    )


def test_the_password_is_in_no_log_and_no_argument(host: Host) -> None:
    service = host.start()
    ref = host.open_issue()
    host.wait_for_outcome(ref)
    assert host.stop(service) == 0
    files = [path for path in host.root.rglob("*") if path.is_file() and path.name != "database-password"]
    assert len(files) > 5
    assert [path for path in files if PASSWORD.encode() in path.read_bytes()] == []


def test_a_second_service_of_the_same_name_on_another_machine_is_refused(host: Host) -> None:
    service = host.start()
    host.get("/api/status")
    twin = Host.make(host.root.parent / "twin", host.forge, host.token, host.settings["state"]["database_url"])
    twin.settings["engine"]["instance"] = "host-a"
    refused = twin.aip("run")
    assert refused.returncode == 2
    assert refused.stderr == (
        "aip: a service named host-a runs already (a service on this database); stop it, "
        "or give this one a name of its own with AUTO_ISSUE_INSTANCE\n"
    )
    assert host.stop(service) == 0
    twin.close()

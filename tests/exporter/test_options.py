"""The command line of `aip-exporter`."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import psutil
import pytest

from exporter.catalogue import EVERY
from exporter.main import address
from processor.settings.load import load_settings
from tests.exporter.conftest import PROGRAM, Client


def test_the_collectors_are_listed(program):
    done = program("--list-collectors")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == [kind.name for kind in EVERY]


@pytest.mark.usefixtures("scene")
def test_only_the_named_collectors_run(program):
    done = program("--collectors", "slo, build", "--once")
    assert done.code == 0
    shown = set(re.findall(r'aip_exporter_collector_success\{collector="(\w+)"\}', done.out))
    assert shown == {"slo", "build"}


def test_a_name_that_is_no_collectors_is_refused(program):
    done = program("--collectors", "runs,hots", "--once")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"aip-exporter: there is no collector hots; use some of {', '.join(kind.name for kind in EVERY)}\n"
    )


def test_a_port_in_use_ends_it_with_2(program):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = program("--listen", f"127.0.0.1:{port}")
    assert done.code == 2
    assert done.err == (
        f"aip-exporter: cannot listen on 127.0.0.1:{port}: Address already in use; stop what uses the port, "
        "or give another with --listen, exporter.port or AUTO_ISSUE_EXPORTER_PORT\n"
    )


@pytest.mark.parametrize(
    ("host", "reason"),
    [("203.0.113.9", "Cannot assign requested address"), ("not a host", "Name or service not known")],
)
def test_an_address_of_another_machine_ends_it_with_2(program, host, reason):
    done = program("--listen", f"{host}:9464")
    assert done.code == 2
    assert done.err == (
        f"aip-exporter: cannot listen on {host}:9464: {reason}; "
        "give an address of this machine and a port that this user may open with --listen, or exporter.host\n"
    )


def test_an_address_that_is_none_is_refused(program):
    for wrong in ("9464x", "127.0.0.1", "127.0.0.1:port", "127.0.0.1:99999"):
        done = program("--listen", wrong)
        assert done.code == 2
        assert done.err == (
            f"aip-exporter: --listen {wrong} is no HOST:PORT; write 127.0.0.1:9464, or 127.0.0.1:0 for any free port\n"
        )


def test_the_installed_program_prints_and_leaves(scene, office):
    scene.finish()
    done = subprocess.run([PROGRAM, "--once"], capture_output=True, text=True, cwd=office.root, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert 'aip_runs_total{outcome="success",priority="high",repository="octo/hello"} 1.0\n' in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("option", ["--once", "--list-collectors"])
def test_output_that_nobody_takes_leaves_no_traceback(office, option):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PROGRAM, option], stdout=full, stderr=subprocess.PIPE, text=True, cwd=office.root, check=False
        )
    assert done.returncode == 1
    assert done.stderr == (
        "aip-exporter: the output cannot be written: No space left on device; make room, or name another file\n"
    )
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [PROGRAM, option], stdout=write, stderr=subprocess.PIPE, text=True, cwd=office.root, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
    closed = ["sh", "-c", f'exec "$0" {option} --collectors slo >&-', PROGRAM]
    done = subprocess.run(closed, stderr=subprocess.PIPE, text=True, cwd=office.root, check=False)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_good_order(run_program, number):
    running = run_program("--collectors", "slo")
    running.process.send_signal(number)
    assert running.process.wait(timeout=60) == 0
    assert "exporter.stopped" in running.log.read_text()


@pytest.mark.parametrize("listen", ["[::1]:0", "localhost:0", ":0"])
def test_every_form_of_an_address_is_taken(office, listen):
    exporter = office.exporter("slo")
    host, port = address(load_settings(office.root / "configs", {}), listen)
    client = Client(exporter.serve(host, port))
    assert client.scrape().value("aip_slo_objective_ratio", slo="success") == 0.85
    exporter.close()


def test_wrong_settings_end_it_with_2_and_every_fault(program, office):
    office.write(exporter={"prot": 1}, timezone="Asia/Tokio")
    done = program("--once")
    assert done.code == 2
    assert [line.partition(".yaml:")[2] for line in done.err.splitlines()] == [
        "8: exporter.prot: is no known key; did you mean port?",
        '15: timezone = "Asia/Tokio": is no time zone of the IANA database, such as Asia/Tokyo; take it out',
    ]


def test_it_needs_no_token_and_little_memory(run_program, scene, office):
    office.write(github={"token_file": "/nowhere/token"})
    scene.finish()
    running = run_program()
    for _ in range(20):
        running.client.scrape()
    process = psutil.Process(running.process.pid)
    assert process.memory_info().rss < 80_000_000
    connections = [one for one in process.net_connections() if one.status == psutil.CONN_ESTABLISHED and one.raddr]
    assert {one.laddr.ip for one in connections} <= {"127.0.0.1"}
    loaded = {path.path for path in process.memory_maps()}
    assert not any("psycopg" in path for path in loaded)  # SQLite needs no driver of PostgreSQL

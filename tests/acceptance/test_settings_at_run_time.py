"""Settings and capacity are changed under a running service by the installed commands, and by the files."""

import json
import re
import time
from collections.abc import Iterator

import pytest
import requests

from processor.forge import Forge
from processor.settings.api_token import api_token_file
from processor.settings.sections import State
from tests.acceptance.system import FILES, REPOSITORY, System, wait_until


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    root = tmp_path_factory.mktemp("run_time")
    with Forge(root / "forge") as forge:
        forge.create_user("octo")
        forge.create_repository(REPOSITORY, files=FILES)
        system = System(root / "aip", forge, forge.create_token("octo"))
        system.settings["intake"] = {"first_start_limit": 500}  # the interval is that of the level
        process = system.start()
        system.url()
        yield system
        assert system.stop(process) == 0, system.log()
        system.close()


@pytest.fixture
def running(service: System) -> Iterator[System]:
    """One service for all tests of this module; each leaves it with the settings of its files."""
    yield service
    token = api_token_file(State(directory=service.root / "state")).read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.delete(f"{service.url()}/api/config", headers=headers, timeout=60).status_code == 200


def series(system: System, name: str) -> dict[str, float]:
    """Read the values of a family of the service by their labels."""
    found = re.findall(rf"^{name}(\{{.*\}})? (\S+)$", system.get("/metrics"), re.MULTILINE)
    return {labels: float(value) for labels, value in found}


def test_capacity_by_hand_is_in_force_at_once_and_the_poll_follows(running: System) -> None:
    assert series(running, "aip_poll_interval_seconds") == {"": 600}
    said = running.aip("capacity", "set", "high", "--for", "2h", "--reason", "backup runs")
    assert said.returncode == 0, said.stderr
    at_high = {'{level="low"}': 0, '{level="medium"}': 0, '{level="high"}': 1}
    wait_until(lambda: series(running, "aip_capacity_level") == at_high, "the level")
    assert series(running, "aip_max_parallel_tasks") == {"": 1}
    assert series(running, "aip_poll_interval_seconds") == {"": 1800}
    status = running.get("/api/status")
    assert (status["capacity_level"], status["max_parallel"]) == ("high", 1)
    assert 1700 < status["next_poll_at"] - time.time() <= 1800
    held = running.open_issue("Fix the greeting", labels=["p2"])
    found = running.aip("explain", str(held))
    assert re.search(r"runs under: +low load \(priority medium\)", found.stdout)
    assert "capacity: under high load (set by" in found.stdout
    assert running.aip("capacity", "auto").returncode == 2  # the files keep it fixed
    assert running.aip("config", "revert", "capacity.level").returncode == 0
    wait_until(lambda: series(running, "aip_poll_interval_seconds") == {"": 600}, "the interval of the files")
    back, up, start = json.loads(running.aip("capacity", "history", "--json").stdout)["changes"]
    assert (start["before"], start["after"], start["instance"]) == (None, "low", "host-a")
    assert (up["before"], up["after"], up["reason"].split(": ")[1]) == ("low", "high", "backup runs")
    assert (back["before"], back["after"], back["reason"]) == ("high", "low", "set in the settings files")


def test_an_issue_held_back_waits_in_the_backlog_and_starts_when_the_level_allows(running: System) -> None:
    assert running.aip("capacity", "set", "high", "--for", "2h", "--reason", "backup runs").returncode == 0
    held = running.open_issue("Fix the greeting", labels=["p2"])
    running.settings["intake"] = {**running.settings["intake"], "poll_interval_seconds": 0.5}
    running.write_settings()  # taken up while the service runs
    wait_until(lambda: running.runs(held), "the issue to be queued")
    explained = running.aip("explain", str(held), "--json")
    assert '"held_by": [\n    "capacity"\n  ]' in explained.stdout
    assert running.runs(held)[0].released_at is None
    assert running.aip("config", "revert", "--all").returncode == 0
    assert running.wait_for_outcome(held).outcome == "success"


def test_a_host_follows_its_load_by_itself(running: System) -> None:
    lenient = {"cpu_ratio": 1, "memory_ratio": 1, "load_per_core": 1000, "disk_ratio": 1}
    fixed = running.settings["capacity"]
    follow(running, {**lenient, "memory_ratio": 0.001})
    full = r"memory 0\.\d\d \(limit 0\.001\)|CPU 1\.00 \(limit 1\)"  # the machine that runs the tests may be busy
    wait_until(lambda: re.fullmatch(full, at_level(running, "high")), "level high")
    follow(running, lenient)
    why = wait_until(lambda: at_level(running, "low") or processors_are_full(running), "the load to be found low")
    assert why in running.aip("capacity", "show").stdout
    running.settings["capacity"] = fixed


def follow(system: System, limits: dict[str, float]) -> None:
    automatic = {"medium": limits, "high": limits, "minimum_stay_seconds": 0, "hysteresis_ratio": 0}
    system.settings["capacity"] = {"level": "auto", "automatic": automatic}
    system.write_settings()


def at_level(system: System, level: str) -> str:
    """Give the reason, once the service is at the level."""
    status = system.get("/api/status")
    return str(status["capacity_reason"]) if status["capacity_level"] == level else ""


def processors_are_full(system: System) -> str | None:
    """Tell that every processor was in use for a whole minute: no limit is above that."""
    why = system.get("/api/status")["capacity_reason"]
    return why if why.startswith("CPU 1.00") else None


def test_a_relaxed_gate_is_shown_and_ends_by_itself(running: System) -> None:
    relax = ("config", "set", "minimum_score", "60", "security_threshold", "8", "--reason", "release day")
    assert running.aip(*relax, "--for", "1h").returncode == 0
    shown = {'{setting="gate.minimum_score"}', '{setting="gate.security_threshold"}'}
    wait_until(lambda: series(running, "aip_config_override_expiry_timestamp_seconds").keys() == shown, "both to show")
    assert running.aip(*relax, "--for", "2s").returncode == 0
    wait_until(lambda: not series(running, "aip_config_override_expiry_timestamp_seconds"), "the end")
    events = running.root / "logs" / "auto_issue_processor.log"
    wait_until(
        lambda: "OVERRIDE_ENDED setting=gate.minimum_score after=70\n" in events.read_text(), "the line of the end"
    )
    wait_until(lambda: running.aip("config", "history", "--json").stdout.count('"expired"') == 2, "both in the history")


def test_a_broken_file_leaves_the_last_good_settings_and_says_so(running: System) -> None:
    log, broken = running.root / "service-0.log", running.root / "configs" / "quality_gate.yaml"
    broken.write_text("minimum_score: seventy\n")
    wait_until(lambda: series(running, "aip_config_last_reload_successful") == {"": 0}, "the metric to say so")
    fault = 'quality_gate.yaml:1: minimum_score = \\"seventy\\": is text'
    wait_until(lambda: fault in log.read_text(), "the log to say so")
    gate, running.gate = running.gate, {"minimum_score": "seventy"}
    asked = running.aip("status")
    running.gate = gate
    assert (asked.returncode, "from the service host-a at" in asked.stdout) == (0, True)
    assert "host-a goes on with its last good settings, and so does this command" in asked.stderr
    broken.write_text("minimum_score: 80\n")
    wait_until(lambda: series(running, "aip_config_last_reload_successful") == {"": 1}, "the metric to say so")
    changed = '"setting": "gate.minimum_score", "before": "70", "after": "80"'
    wait_until(lambda: changed in log.read_text(), "the change to be logged")

"""Settings and capacity are changed under a running service by the installed commands, and by the files."""

import json
import re
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

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
    """One service for all tests of this module; each leaves it with the settings that it came with."""
    before = deepcopy(service.settings)
    yield service
    service.settings = before
    service.write_settings()
    token = api_token_file(State(directory=service.root / "state")).read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.delete(f"{service.url()}/api/config", headers=headers, timeout=60).status_code == 200
    at_low = {'{level="low"}': 1, '{level="medium"}': 0, '{level="high"}': 0}
    wait_until(lambda: minimum_score(service) == 70, "the files to be taken up")
    wait_until(lambda: series(service, "aip_capacity_level") == at_low, "the level of the files")
    wait_until(lambda: series(service, "aip_poll_interval_seconds") == {"": 600}, "the interval of the files")


def minimum_score(system: System) -> float:
    (row,) = system.get("/api/config?key=gate.minimum_score")["settings"]
    return float(row["value"])


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
    # What follows from a level is in force a moment after it.
    wait_until(lambda: series(running, "aip_max_parallel_tasks") == {"": 1}, "the places")
    wait_until(lambda: series(running, "aip_poll_interval_seconds") == {"": 1800}, "the interval")
    wait_until(lambda: 1700 < running.get("/api/status")["next_poll_at"] - time.time() <= 1800, "the next poll")
    status = running.get("/api/status")
    assert (status["capacity_level"], status["max_parallel"]) == ("high", 1)
    held = running.open_issue("Fix the greeting", labels=["p2"])
    found = running.aip("explain", str(held))
    assert re.search(r"runs under: +low load \(priority medium\)", found.stdout)
    assert "capacity: under high load (set by" in found.stdout
    assert running.aip("capacity", "auto").returncode == 2  # the files keep it fixed
    assert running.aip("config", "revert", "capacity.level").returncode == 0
    wait_until(lambda: series(running, "aip_poll_interval_seconds") == {"": 600}, "the interval of the files")
    back, up, *_, start = wait_until(lambda: changes(running, "low"), "the level of the files in the history")
    assert (start["before"], start["after"], start["instance"]) == (None, "low", "host-a")
    assert (up["before"], up["after"], up["reason"].split(": ")[1]) == ("low", "high", "backup runs")
    assert (back["before"], back["after"], back["reason"]) == ("high", "low", "set in the settings files")


def changes(system: System, level: str) -> list[dict[str, Any]] | None:
    """Give the changes of the level, newest first, once the newest is to this one."""
    found: list[dict[str, Any]] = json.loads(system.aip("capacity", "history", "--json").stdout)["changes"]
    return found if found[0]["after"] == level else None


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
    follow(running, {**lenient, "memory_ratio": 0.001})
    full = r"memory 0\.\d\d \(limit 0\.001\)|CPU 1\.00 \(limit 1\)"  # the machine that runs the tests may be busy
    wait_until(lambda: re.fullmatch(full, at_level(running, "high")), "level high")
    follow(running, lenient)
    wait_until(lambda: at_level(running, "low") or processors_are_full(running), "the load to be found low")
    # The load goes on changing, and what a host is at is written down a moment after.
    wait_until(lambda: reason(running) in running.aip("capacity", "show").stdout, "the reason to be shown")


def follow(system: System, limits: dict[str, float]) -> None:
    automatic = {"medium": limits, "high": limits, "minimum_stay_seconds": 0, "hysteresis_ratio": 0}
    system.settings["capacity"] = {"level": "auto", "automatic": automatic}
    system.write_settings()


def reason(system: System) -> str:
    """Tell why the service is at its level."""
    return str(system.get("/api/status")["capacity_reason"])


def at_level(system: System, level: str) -> str:
    """Give the reason, once the service is at the level."""
    status = system.get("/api/status")
    return str(status["capacity_reason"]) if status["capacity_level"] == level else ""


def processors_are_full(system: System) -> str | None:
    """Tell that every processor was in use for a whole minute: no limit is above that."""
    why = reason(system)
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

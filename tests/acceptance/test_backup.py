"""A backup made in the middle of work is put back elsewhere: same numbers, and no second pull request for an issue."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.acceptance.recorded import FAMILIES
from tests.acceptance.system import AIP, REPOSITORY, System, wait_until


def test_what_was_published_after_the_backup_is_adopted_and_not_done_again(system: System, tmp_path: Path) -> None:
    done = system.open_issue("Done before")
    service = system.start()
    system.wait_for_outcome(done)
    at_work = system.open_issue("At work then", labels=["agent:wait"])
    wait_until((system.marks / "agent-started").exists, "the agent")
    backup = _backup(system)
    numbers = _numbers(system)
    for subject in ("memory", "network", "disk", "database"):
        kept_up = system.aip("maintain", subject, "--json")
        assert kept_up.returncode == 0, kept_up.stderr
        assert [one["instance"] for one in json.loads(kept_up.stdout)["done"]] == ["host-a"]
    assert _numbers(system) == numbers

    (system.marks / "agent-go").touch()
    system.wait_for_outcome(at_work)
    later = system.open_issue("Opened after", labels=["agent:edit"])
    system.wait_for_outcome(later)
    system.forge.close_pull(REPOSITORY, system.runs(later)[0].pull_request or 0)
    system.kill(service)
    run_ids = {ref: system.runs(ref)[0].run_id for ref in (done, at_work, later)}
    (system.marks / "agent-started").unlink()
    (system.marks / "agent-go").unlink()

    elsewhere = _elsewhere(system, tmp_path)
    restored = elsewhere.aip("backup", "restore", str(backup), "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["adopted"] is None  # GitHub could not be asked: the service must
    assert _numbers(elsewhere) == numbers

    elsewhere.settings["github"]["base_url"] = elsewhere.forge.api_url
    service = elsewhere.start()
    new = elsewhere.open_issue("Opened after the restore")
    elsewhere.wait_for_outcome(new)
    try:
        for ref in (done, at_work, later):
            (run,) = elsewhere.runs(ref)
            assert (run.run_id, run.outcome) == (run_ids[ref], "success"), elsewhere.log()
        assert len(elsewhere.forge.pulls(REPOSITORY)) == 4
        assert not (elsewhere.marks / "agent-started").exists()
        assert _count(elsewhere, "aip_runs_total") == 4
        assert _count(elsewhere, "aip_pull_requests_created_total") == 4
        assert _count(elsewhere, "aip_pull_requests_closed_total") == 1
        assert elsewhere.stop(service) == 0
    finally:
        elsewhere.close()


def _backup(system: System) -> Path:
    made = system.aip("backup", "create", "--json")
    assert made.returncode == 0, made.stderr
    return system.root / json.loads(made.stdout)["folder"]


def _elsewhere(system: System, tmp_path: Path) -> System:
    """Make another machine, which cannot reach GitHub yet, and take the first one's disk away."""
    shutil.rmtree(system.root / "state")
    other = System(tmp_path / "elsewhere", system.forge, system.token)
    other.settings["github"]["base_url"] = "http://127.0.0.1:9/api/v3"
    other.settings["github"]["read_attempts"] = 1
    return other


def _numbers(system: System) -> list[str]:
    """Give every counter and histogram that the exporter shows."""
    shown = subprocess.run(
        [str(Path(AIP).with_name("aip-exporter")), "--once"],
        env=system.environment,
        cwd=system.root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in shown.stdout.splitlines() if line.partition("{")[0].partition(" ")[0] in FAMILIES]


def _count(system: System, family: str) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in _numbers(system) if line.startswith(family))

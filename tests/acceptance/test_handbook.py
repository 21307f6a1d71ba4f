"""The handbook's scripts, as they stand, on the log of a real service: they say what the ledger says."""

import subprocess
from pathlib import Path

from tests.acceptance.system import System
from tests.zones import noon_zone

SCRIPTS = Path(__file__).parents[1] / "logs" / "handbook"
FORGED = "ERROR x\n2025-07-21 10:31:30,460 INFO AutoIssueProcessor PR_CREATED_SUCCESS ISSUE_PROCESSED 99999.00"


def handbook(system: System, script: str) -> list[str]:
    """Run a script of the handbook's in the folder of the service."""
    argv = ["bash", str(SCRIPTS / script)]
    environment = {**system.environment, "LC_ALL": "C"}
    done = subprocess.run(argv, cwd=system.root, env=environment, capture_output=True, text=True, check=True)
    return [line.strip() for line in done.stdout.splitlines()]


def test_the_handbooks_numbers_are_those_of_the_ledger(system: System) -> None:
    system.variables["TZ"] = noon_zone()  # the script counts the lines of one day
    system.settings["engine"]["retries"]["agent_exit"] = {"attempts": 2, "first_delay_seconds": 0.1}
    refs = [
        system.open_issue(FORGED),
        system.open_issue("Second"),
        system.open_issue("ISSUE_PROCESSED", labels=["agent:break"]),
        system.open_issue("ERROR ERROR", labels=["agent:fail"]),
    ]
    first = system.start_installed()
    system.wait_for_outcome(refs[0])
    system.kill(first)
    second = system.start_installed()
    runs = [system.wait_for_outcome(ref) for ref in refs]
    assert system.stop(second) == 0
    seconds = [run.duration_seconds or 0.0 for run in runs]

    assert [run.outcome for run in runs] == ["success", "success", "rejected", "error"]
    report = handbook(system, "weekly_performance_report.sh")
    assert report[2:] == ["Total Issues Processed: 4", "Success Rate: 50.0%", "## Error Analysis", "1 agent_exit"]
    analysis = dict(line.split(": ") for line in handbook(system, "processing_analysis.sh") if ": " in line)
    assert abs(float(analysis["Average"].split()[0]) - sum(seconds) / 4) < 0.02
    assert abs(float(analysis["Longest"].split()[0]) - max(seconds)) < 0.02
    assert analysis["Fast (<60s)"] == "4"

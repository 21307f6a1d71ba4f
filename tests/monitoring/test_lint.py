"""promtool has nothing to say about the configuration and the rules."""

import subprocess

from tests.monitoring.conftest import ROOT, Tools

CONFIG = ROOT / "prometheus" / "prometheus.yml"
RULES = sorted((ROOT / "prometheus" / "rules").glob("*.yml"))


def test_the_configuration_is_valid(tools: Tools) -> None:
    check = [tools.promtool, "check", "config", "--lint=all", "--lint-fatal", CONFIG]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(RULES)} rule files found" in done.stdout


def test_the_rules_are_valid(tools: Tools) -> None:
    check = [tools.promtool, "check", "rules", "--lint=all", "--lint-fatal", *RULES]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

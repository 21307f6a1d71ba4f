"""promtool has nothing to say about the configuration and the rules."""

import re
import subprocess
from pathlib import Path

import yaml

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


def test_the_example_of_long_term_storage_is_valid(tools: Tools, tmp_path: Path) -> None:
    document = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```yaml\n# prometheus/prometheus.yml\n(.+?)^```$", document, re.DOTALL | re.MULTILINE)
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8")) | yaml.safe_load(example) | {"rule_files": []}
    config["remote_write"][0]["authorization"]["credentials_file"] = str(tmp_path / "token")
    (tmp_path / "token").write_text("secret")
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    check = [tools.promtool, "check", "config", "--lint=all", "--lint-fatal", tmp_path / "prometheus.yml"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

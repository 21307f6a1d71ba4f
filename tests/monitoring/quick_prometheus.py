"""The committed configuration of Prometheus with the targets of a test, and every interval a second."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.monitoring.conftest import ROOT

PROMETHEUS = ROOT / "prometheus"
ASSETS = f"--web.user-assets={PROMETHEUS / 'assets'}"
Yaml = dict[str, Any]


def write_quick_prometheus(
    folder: Path,
    targets: Mapping[str, str],
    *,
    rule_change: Callable[[Yaml], Yaml] = lambda rule: rule,
) -> Path:
    """Copy `prometheus/` into a folder and give the path of prometheus.yml there.

    Args:
        targets: `HOST:PORT` by the name of the scrape job; `alertmanager` is told of the alerts as well.
        rule_change: what the test changes in a rule besides; nothing when left out.
    """
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] |= {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    for job in config["scrape_configs"]:
        job["static_configs"][0]["targets"] = [targets[job["job_name"]]]
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [targets["alertmanager"]]
    write_quick_rules(folder, rule_change)
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder / "prometheus.yml"


def write_quick_rules(folder: Path, rule_change: Callable[[Yaml], Yaml] = lambda rule: rule) -> None:
    """Copy the rules; they are evaluated as often as the configuration says."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    for file in (PROMETHEUS / "rules").glob("*.yml"):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for group in content["groups"]:
            group.pop("interval", None)
            group["rules"] = [rule_change(rule) for rule in group["rules"]]
        (folder / "rules" / file.name).write_text(yaml.safe_dump(content), encoding="utf-8")

"""`aip drill` before it runs: what is listed, and what is refused with exit code 2."""

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def drill(aip, office):
    """Call `aip drill` on the committed files, with an empty folder of programs."""
    (office.root / "none").mkdir()
    folders = ["--prometheus", str(ROOT / "prometheus"), "--alertmanager", str(ROOT / "alertmanager")]
    return lambda *words: aip("drill", *folders, "--tools", str(office.root / "none"), *words)


def test_the_list_says_what_each_drill_does(drill):
    said = drill("--list")
    assert said.code == 0
    row = next(line for line in said.out.splitlines() if line.startswith("AipMemoryUsageHigh "))
    assert " ".join(row.split()) == "AipMemoryUsageHigh medium email, incident-history 97% of the memory is in use"


def test_the_list_as_json_has_every_alert(drill):
    listed = drill("--list", "--json").json
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "prometheus" / "rules").glob("*.yml"))
    assert sorted(one["alert"] for one in listed["drills"]) == sorted(re.findall(r"- alert: (\w+)", rules))
    assert listed["not_drilled"] == {}


def test_the_list_can_be_of_some_alerts(drill):
    assert [one["alert"] for one in drill("--list", "--json", "AipCpuHigh").json["drills"]] == ["AipCpuHigh"]


def test_an_unknown_alert_is_told_with_the_nearest_names(drill):
    said = drill("AipHighErorRate")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("aip: there is no alert AipHighErorRate; did you mean AipHighErrorRate")


def test_missing_programs_are_told_with_the_remedy(drill):
    said = drill("AipCpuHigh")
    assert said.code == 2
    assert "prometheus, promtool, alertmanager are not in" in said.err
    assert "scripts/monitoring-tools" in said.err


@pytest.mark.usefixtures("office")
def test_a_folder_without_prometheus_yml_is_told(aip):
    said = aip("drill")
    fault = "prometheus/prometheus.yml is not there"
    remedy = "start the drill in the source tree, or name its folder with --prometheus"
    assert (said.code, said.err) == (2, f"aip: {fault}; {remedy}\n")


def test_a_rule_of_ones_own_is_named_as_one_that_cannot_be_drilled(aip, office):
    shutil.copytree(ROOT / "prometheus", office.root / "prometheus")
    (office.root / "prometheus" / "rules" / "own.yml").write_text(
        "groups: [{name: own, rules: [{alert: MyOwn, expr: up == 0}]}]"
    )
    said = aip("drill", "--alertmanager", str(ROOT / "alertmanager"), "--list")
    assert said.out.splitlines()[-1].startswith("MyOwn cannot be drilled: it is no shipped alert")

"""Under the committed rules every script still brings its alert about and ends it, and what is healthy fires nothing.

A whole drill takes minutes, and promtool's clock none. So a rule that is changed past the reach of its script is found
here.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from processor.alerting.drill.baseline import BASELINE, EXPORTER, JOB_OF, family
from processor.alerting.drill.changes import Change, Gone, Line
from processor.alerting.drill.committed import read_committed
from processor.alerting.drill.condition import Condition, Means
from processor.alerting.drill.durations import seconds_of
from processor.alerting.drill.scripts import SCRIPTS
from tests.monitoring.conftest import ROOT, Tools

RULES = {alert.name: alert for alert in read_committed(ROOT / "prometheus", ROOT / "alertmanager").alerts}
SCRIPTED = [script for script in SCRIPTS.values() if script.means is Means.TARGETS]


@dataclass(frozen=True)
class Timeline:
    """When what happens, in steps of `step` seconds from the beginning of the data."""

    step: int
    healthy_from: int
    injected_at: int
    healed_at: int
    ends_at: int


def _step(script: Condition) -> int:
    """Choose the seconds between two looks: windows of 5 min want more than one sample, days are long enough."""
    lasts = RULES[script.alert].holds_seconds + seconds_of(script.settles)
    return 240 if script.past or lasts >= 3600 else 60


def _timeline(scripts: Sequence[Condition], step: int) -> Timeline:
    """Give each stage the time that the slowest needs, with a few steps to spare."""
    holds = max(RULES[script.alert].holds_seconds + seconds_of(script.settles) for script in scripts)
    keeps = max(RULES[script.alert].keeps_seconds + seconds_of(script.settles) for script in scripts)
    healthy_from = max(
        (int(seconds_of(ago)) // step for script in scripts for ago, _ in script.past.values()), default=0
    )
    healed_at = healthy_from + 3 + int(holds / step) + 3
    return Timeline(
        step=step,
        healthy_from=healthy_from,
        injected_at=healthy_from + 3,
        healed_at=healed_at,
        ends_at=healed_at + int(keeps / step) + 4,
    )


def _test(scripts: Sequence[Condition], step: int) -> dict[str, Any]:
    """Write one of promtool's tests: all scripts at once, each for a service of its own."""
    times = _timeline(scripts, step)
    looks = [look for script in scripts for look in _looks(script, times)]
    return {
        "interval": f"{step}s",
        "input_series": [series for script in scripts for series in _series(script, times)],
        "promql_expr_test": [
            {"expr": expression, "eval_time": f"{place * step}s", "exp_samples": samples}
            for expression, place, samples in looks
        ],
    }


def _looks(script: Condition, times: Timeline) -> list[tuple[str, int, list[dict[str, Any]]]]:
    service = f'service="{_service(script)}"'
    own = f'ALERTS{{{service}, alertname="{script.alert}", alertstate="firing"}}'
    others = "|".join(sorted({script.alert} | script.also | script.hides))
    return [
        (f'ALERTS{{{service}, alertname!="AipPollStale"}}', times.injected_at - 1, []),
        (
            f"clamp_max(count(max_over_time({own}[{times.healed_at * times.step}s])), 1)",
            times.healed_at - 1,
            [{"labels": "{}", "value": 1}],
        ),
        (f'ALERTS{{{service}, alertname!~"{others}", alertstate="firing"}}', times.healed_at - 1, []),
        (own, times.ends_at, []),
    ]


def _service(script: Condition) -> str:
    return f"drill-{script.alert}"


def _series(script: Condition, times: Timeline) -> Iterator[dict[str, str]]:
    steps = range(times.healthy_from, times.ends_at + 1)
    for name, (ago, value) in script.past.items():
        blank = times.healthy_from - int(seconds_of(ago)) // times.step
        yield _written(name, script, "", blank, [repr(value)])
    for job, baseline in BASELINE.items():
        failing = range(times.injected_at, times.healed_at) if script.silences == job else range(0)
        yield _written("up", script, job, times.healthy_from, [str(int(place not in failing)) for place in steps])
        for name, change in baseline.items() if job in script.jobs else ():
            changes = (change, script.injects.get(name), script.healing.get(name))
            values = ["stale" if place in failing else repr(_value(changes, times, place)) for place in steps]
            yield _written(name, script, job, times.healthy_from, values)
    extra = sum(name not in BASELINE[JOB_OF[family(name)]] for name in script.injects)
    scraped = [len(BASELINE[EXPORTER]) + extra * (times.injected_at <= place < times.healed_at) for place in steps]
    name = "scrape_samples_post_metric_relabeling"
    yield _written(name, script, EXPORTER, times.healthy_from, [*map(str, scraped)])


def _value(changes: tuple[Change | None, ...], times: Timeline, place: int) -> float:
    line = Line()
    for change, at in zip(changes, (times.healthy_from, times.injected_at, times.healed_at), strict=True):
        if change is not None and not isinstance(change, Gone) and place >= at:
            line = line.changed(change, at * times.step)
    return line.at(place * times.step)


def _written(name: str, script: Condition, job: str, blank: int, values: list[str]) -> dict[str, str]:
    own, _, labels = name.partition("{")
    parts = [labels.removesuffix("}"), f'service="{_service(script)}"', f'job="{job}",instance="here"' if job else ""]
    return {
        "series": f"{own}{{{','.join(part for part in parts if part)}}}",
        "values": " ".join([*([f"_x{blank}"] if blank else []), *values]),
    }


@pytest.mark.parametrize("step", [60, 240], ids=["what takes minutes", "what takes hours or days"])
def test_every_script_brings_its_alert_about_and_no_other_and_ends_it(tools: Tools, tmp_path: Path, step: int) -> None:
    chosen = [script for script in SCRIPTED if _step(script) == step]
    rules = [str(file) for file in sorted((ROOT / "prometheus" / "rules").glob("*.yml"))]
    content = {"rule_files": rules, "evaluation_interval": f"{step}s", "tests": [_test(chosen, step)]}
    file = tmp_path / "scripts.test.yml"
    file.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
    done = subprocess.run([tools.promtool, "test", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(chosen) > 5

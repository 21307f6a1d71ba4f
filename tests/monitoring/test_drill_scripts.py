"""Under the committed rules every script still brings its alert about, and what is healthy fires nothing.

A whole drill takes minutes, and promtool's clock none. So a rule that is changed past the reach of its script is found
here.
"""

import json
import subprocess
from collections.abc import Iterator
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
HEALTHY_STEPS = 3


def _step(script: Condition) -> int:
    """Choose how many seconds pass between two looks: few where windows of 5 min are judged."""
    lasts = RULES[script.alert].holds_seconds + seconds_of(script.settles)
    return 240 if script.past or lasts >= 3600 else 60


def _test(script: Condition) -> dict[str, Any]:
    """Write one of promtool's tests: healthy for a while, then the condition until the alert must fire."""
    step = _step(script)
    empty = sum({int(seconds_of(ago)) // step for ago, _ in script.past.values()})
    injected_at = empty + HEALTHY_STEPS
    rule = RULES[script.alert]
    last = injected_at + int((rule.holds_seconds + seconds_of(script.settles)) / step) + 3
    fired = f'max_over_time(ALERTS{{alertname="{script.alert}", alertstate="firing"}}[{last * step}s])'
    others = "|".join(sorted({script.alert, "Watchdog"} | script.also | script.hides))
    looks = [
        ('ALERTS{alertname!~"Watchdog|AipPollStale"}', injected_at - 1, None),
        (f"clamp_max(count({fired}), 1)", last, 1),
        (f'ALERTS{{alertname!~"{others}", alertstate="firing"}}', last, None),
    ]
    return {
        "name": script.alert,
        "interval": f"{step}s",
        "input_series": [*_series(script, step, empty, injected_at, last)],
        "promql_expr_test": [_look(expression, place * step, value) for expression, place, value in looks],
    }


def _look(expression: str, at: int, value: float | None) -> dict[str, Any]:
    expected = {} if value is None else {"exp_samples": [{"labels": "{}", "value": value}]}
    return {"expr": expression, "eval_time": f"{at}s", **expected}


def _series(script: Condition, step: int, empty: int, injected_at: int, last: int) -> Iterator[dict[str, str]]:
    steps = range(empty, last + 1)
    for name, (_, value) in script.past.items():
        yield {"series": f'{name.removesuffix("}")},service="drilled"}}', "values": str(value)}
    for job, baseline in BASELINE.items():
        failed_at = injected_at if script.silences == job else last + 1
        yield _written("up", job, empty, [int(place < failed_at) for place in steps])
        if job not in script.jobs:
            continue
        for name, change in baseline.items():
            changed = _values(change, script.injects.get(name), steps, step, injected_at)
            yield _written(name, job, empty, changed, ends_at=failed_at - empty)
    extra = sum(name not in BASELINE[JOB_OF[family(name)]] for name in script.injects)
    count = [len(BASELINE[EXPORTER]) + (extra if place >= injected_at else 0) for place in steps]
    yield _written("scrape_samples_post_metric_relabeling", EXPORTER, empty, count)


def _values(before: Change, change: Change | None, steps: range, step: int, injected_at: int) -> list[float]:
    line = Line().changed(before, steps.start * step)
    after = line if change is None or isinstance(change, Gone) else line.changed(change, injected_at * step)
    return [(line if place < injected_at else after).at(place * step) for place in steps]


def _written(name: str, job: str, empty: int, values: list[float], *, ends_at: int | None = None) -> dict[str, str]:
    own, _, labels = name.partition("{")
    labels = f"{labels.removesuffix('}')}," if labels else ""
    shown = [*map(repr, values[:ends_at]), *(["stale"] if ends_at is not None and ends_at < len(values) else [])]
    blank = [f"_x{empty}"] if empty else []
    return {
        "series": f'{own}{{{labels}service="drilled",job="{job}",instance="here"}}',
        "values": " ".join([*blank, *shown]),
    }


@pytest.mark.parametrize(
    ("step", "has_past", "subjects"),
    [(60, False, ("*",)), (240, False, ("*",)), (240, True, ("outcomes", "success", "latency"))],
    ids=["for minutes", "for hours", "with days before"],
)
def test_every_script_brings_its_alert_about_and_no_other(
    tools: Tools, tmp_path: Path, step: int, has_past: bool, subjects: tuple[str, ...]
) -> None:
    tests = [_test(script) for script in SCRIPTED if (_step(script), bool(script.past)) == (step, has_past)]
    folder = ROOT / "prometheus" / "rules"
    rules = sorted(str(file) for subject in subjects for file in folder.glob(f"{subject}.yml"))
    content = {"rule_files": rules, "evaluation_interval": f"{step}s", "tests": tests}
    file = tmp_path / "scripts.test.yml"
    file.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
    done = subprocess.run([tools.promtool, "test", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(tests) >= 2

"""Every alert has its drill, and what drills expose is what processor and exporter expose."""

import re

import pytest

from processor.alerting.drill.baseline import BASELINE, JOB_OF, MONITORING, family
from processor.alerting.drill.condition import Condition
from processor.alerting.drill.durations import seconds_of
from processor.alerting.drill.scripts import SCRIPTS
from tests.contract.alerts import ALERTS, RECORDED, rules
from tests.contract.expressions import selectors
from tests.contract.families import OF_EACH_TARGET, exposed

BY_NAME = {rule.name: rule for rule in ALERTS}
RECORDED_NAMES = {rule.name for rule in RECORDED}
#: Their value depends on the moment, or they name a label and no value.
VARYING = {
    *("AipCpuHigh", "AipDiskFillsIn24h", "AipSeriesLimitNear", "PrometheusTargetLimitHit", "Watchdog"),
    *("PrometheusTSDBCompactionsFailing", "AipExporterCollectorFailing", "TargetDown"),
}
each_script = pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)


def _labels(series: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="([^"]*)"', series.partition("{")[2]))


def test_every_alert_has_its_drill() -> None:
    assert set(SCRIPTS) == set(BY_NAME)


def test_the_healthy_page_has_every_series_that_the_rules_ask_for() -> None:
    asked = {node.expr.name for rule in rules() for node in selectors(rule.expression)}
    assert asked - RECORDED_NAMES - set(OF_EACH_TARGET) == set(JOB_OF)


@pytest.mark.parametrize("job", [job for job in BASELINE if job not in MONITORING])
def test_the_healthy_page_is_labelled_as_the_real_one(job: str) -> None:
    for series in BASELINE[job]:
        real = exposed().get(family(series))
        assert real is not None or family(series).startswith("process_"), series
        assert real is None or real.labels == set(_labels(series)), series


@each_script
def test_a_script_speaks_of_series_and_alerts_that_are_there(script: Condition) -> None:
    assert {family(series) for series in [*script.injects, *script.heals]} <= set(JOB_OF)
    assert script.also | script.hides <= set(BY_NAME)
    assert {family(series) for series in script.past} <= RECORDED_NAMES
    assert {script.silences, script.removes} <= {"", *BASELINE}


@each_script
def test_a_script_expects_the_value_of_the_message(script: Condition) -> None:
    has_value = "$value" in BY_NAME[script.alert].annotations["description"]
    assert bool(script.says) == has_value or script.alert in VARYING


@each_script
def test_nothing_hidden_holds_longer_than_the_drill_waits(script: Condition) -> None:
    assert all(seconds_of(BY_NAME[name].body["for"]) <= 3600 for name in script.hides)

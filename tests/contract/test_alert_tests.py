"""Every alert has promtool tests of four kinds, or a written reason why one cannot exist."""

import pytest
import yaml

from tests.contract.alerts import ALERTS, PROMETHEUS, Rule, rule_tests

KINDS = ("fires", "must not fire", "no data", "low volume")
NAMES = {rule.name for rule in ALERTS}


def _impossible() -> dict[tuple[str, str], str]:
    listed = yaml.safe_load((PROMETHEUS / "tests" / "impossible.yml").read_text(encoding="utf-8"))
    return {(name, kind): entry["reason"] for kind in listed for entry in listed[kind] for name in entry["alerts"]}


def _tested() -> set[tuple[str, str]]:
    """A test of a kind counts when it expects what its kind says."""
    return {(look.alert, look.kind) for look in rule_tests() if bool(look.expected) == (look.kind == "fires")}


def test_every_kind_of_every_alert_is_tested_or_impossible() -> None:
    assert {(name, kind) for name in NAMES for kind in KINDS} - _tested() - set(_impossible()) == set()


def test_what_is_called_impossible_is_not_tested() -> None:
    assert set(_impossible()) & _tested() == set()
    assert {name for name, _ in _impossible()} <= NAMES
    assert {kind for _, kind in _impossible()} <= set(KINDS[1:])


def test_each_test_says_its_kind_and_looks_at_an_alert_of_ours() -> None:
    assert {look.kind for look in rule_tests()} == set(KINDS)
    assert {look.alert for look in rule_tests()} == NAMES


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule.name)
def test_every_label_of_a_message_is_there_when_the_alert_fires(rule: Rule) -> None:
    fired = [alert for look in rule_tests() if look.alert == rule.name for alert in look.expected]
    used = {word.split("$labels.")[1] for word in " ".join(rule.annotations.values()).split() if "$labels." in word}
    for alert in fired:
        assert used <= set(alert["exp_labels"])
        assert set(alert["exp_annotations"]) == set(rule.annotations)
        assert "<no value>" not in str(alert["exp_annotations"])

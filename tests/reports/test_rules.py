"""Each rule applies from its threshold on, names its numbers, and both languages say it."""

from collections.abc import Mapping
from typing import Any

import pytest

from processor.model import ReportKind
from processor.reports.composing import in_language
from processor.reports.document import AnyReport, DailyReport, WeeklyReport, read_report
from processor.reports.rules import RULES, findings
from processor.reports.words import LANGUAGES, Words, texts
from processor.settings.sections import ReportThresholds
from tests.reports.test_golden import GOLDEN

DAY, WEEK = ReportKind
LIMITS = ReportThresholds()
#: A day and a week on which no rule applies.
QUIET: dict[str, Any] = {
    "summary": {"total_issues_processed": 20, "success_rate": 90.0, "avg_processing_time": 100.0, "errors_count": 2},
    "errors": {"git": 1, "network": 1},
    "before": [],
    "incidents": {"total": 0, "by_severity": {}, "by_alert": {}},
}
QUIET_WEEK: dict[str, Any] = {"resources": [], "bottleneck": None, "next_week": None}


def _report(kind: ReportKind, **changes: Any) -> AnyReport:
    """Give the golden report with parts of it exchanged."""
    name = "daily_report_20261119" if kind is DAY else "weekly_report_20261116"
    golden = read_report((GOLDEN / "en" / f"{name}.json").read_text(encoding="utf-8"))
    quiet = golden.model_dump() | QUIET | (QUIET_WEEK if kind is WEEK else {})
    quiet["cost"]["dollars_per_success"] = None
    quiet["issues_breakdown"]["by_outcome"]["rejected"] = 0
    model = DailyReport if kind is DAY else WeeklyReport
    return model.model_validate(_merged(quiet, changes))


def _merged(whole: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: (whole[key] | value if isinstance(whole.get(key), dict) and isinstance(value, dict) else value)
            for key, value in {**whole, **changes}.items()}  # fmt: skip


def _names(report: AnyReport) -> list[str]:
    return [found.rule.name for found in findings(report, LIMITS)]


def _column(**changes: Any) -> dict[str, Any]:
    return {
        "date": "2026-11-09", "outcomes": {"success": 9, "error": 1}, "total_issues_processed": 10,
        "success_rate": 90.0, "avg_processing_time": 100.0, "errors_count": 1, "merged": 0, "closed": 0,
        "dollars": 9.0,
    } | changes  # fmt: skip


def _plan(**changes: Any) -> dict[str, Any]:
    return {
        "waiting": {"critical": 0, "high": 0, "medium": 0, "low": 0}, "held_back": {}, "capacity_level": "low",
        "parallel": 3, "runs_possible": 100, "open_pull_requests": 10, "dead_letters": [], "overrides": [],
    } | changes  # fmt: skip


def _host(**changes: Any) -> dict[str, Any]:
    names = ("cpu_percent_mean", "memory_percent_mean", "disk_percent_max")
    full = {"cpu_percent_max": 100.0, "memory_percent_max": 100.0, "load_mean": 1.0, "host": "a", "readings": 1}
    return full | dict.fromkeys((*names, *(f"{name}_before" for name in names)), 70.0) | changes


@pytest.mark.parametrize("kind", ReportKind)
def test_a_quiet_time_needs_no_advice(kind: ReportKind) -> None:
    assert _names(_report(kind)) == []


CASES = [
    (DAY, "success_rate", {"summary": {"success_rate": 79.99}}, {"summary": {"success_rate": 80.0}}),
    (DAY, "mean_time", {"summary": {"avg_processing_time": 300.1}}, {"summary": {"avg_processing_time": 300.0}}),
    (DAY, "errors", {"summary": {"errors_count": 11}}, {"summary": {"errors_count": 10}}),
    (WEEK, "errors", {"summary": {"errors_count": 71}}, {"summary": {"errors_count": 70}}),
    (DAY, "one_error", {"errors": {"git": 2, "network": 1}}, {"errors": {"git": 1, "network": 1}}),
    (DAY, "rejected", {"issues_breakdown": {"by_outcome": {"rejected": 7}}},
     {"issues_breakdown": {"by_outcome": {"rejected": 6}}}),
    (WEEK, "success_falls", {"before": [_column(outcomes={"success": 10}, success_rate=100.0)]},
     {"before": [_column(outcomes={"success": 9}, success_rate=90.0)]}),
    (WEEK, "slower", {"before": [_column(avg_processing_time=80.0)]}, {"before": [_column(avg_processing_time=81.0)]}),
    (WEEK, "dearer", {"before": [_column()], "cost": {"dollars_per_success": 1.25}},
     {"before": [_column()], "cost": {"dollars_per_success": 1.24}}),
    (WEEK, "bottleneck", {"bottleneck": {"phase": "gate", "seconds": 9.0, "share": 75.0}},
     {"bottleneck": {"phase": "gate", "seconds": 9.0, "share": 74.9}}),
    (WEEK, "cpu", {"resources": [_host(cpu_percent_mean=70.1)]}, {"resources": [_host()]}),
    (WEEK, "memory", {"resources": [_host(memory_percent_mean=80.1)]}, {"resources": [_host()]}),
    (WEEK, "disk", {"resources": [_host(disk_percent_max=80.1)]}, {"resources": [_host(disk_percent_max=None)]}),
    (WEEK, "reviews", {"next_week": _plan(open_pull_requests=11)}, {"next_week": _plan()}),
    (WEEK, "given_up", {"next_week": _plan(dead_letters=["octo/hello#1"])}, {"next_week": _plan()}),
    (WEEK, "short_of_capacity", {"next_week": _plan(waiting={"high": 101})},
     {"next_week": _plan(waiting={"high": 100})}),
    (WEEK, "one_alert", {"incidents": {"by_alert": {"AipDown": 3}}}, {"incidents": {"by_alert": {"AipDown": 2}}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "rule", "over", "at_limit"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_rule_applies_from_its_threshold_on(
    kind: ReportKind, rule: str, over: dict[str, Any], at_limit: dict[str, Any]
) -> None:
    assert _names(_report(kind, **over)) == [rule]
    assert _names(_report(kind, **at_limit)) == []


def test_every_rule_is_tried_and_worded_in_both_languages() -> None:
    assert {rule for _, rule, _, _ in CASES} == {rule.name for rule in RULES} == set(texts()["rules"])
    for kind, rule, over, _ in CASES:
        (found,) = findings(_report(kind, **over), LIMITS)
        for language in LANGUAGES:
            words = Words(language)
            message = words.filled(found.numbers, "rules", rule, "message")
            assert any(character.isdigit() for character in message)
            assert words.filled(found.numbers, "rules", rule, "action")


def test_little_work_says_nothing_about_a_change() -> None:
    few = {"summary": {"total_issues_processed": 4, "success_rate": 100.0, "errors_count": 0}, "errors": {}}
    before = [_column(outcomes={"success": 10}, avg_processing_time=10.0)]
    assert _names(_report(WEEK, **few, before=before)) == []


def test_thresholds_are_those_of_the_settings() -> None:
    strict = ReportThresholds(success_ratio=0.95, mean_seconds=99, errors_per_day=1)
    found = [one.rule.name for one in findings(_report(DAY), strict)]
    assert found == ["success_rate", "mean_time", "errors"]


def test_a_report_changes_its_language_without_the_ledger() -> None:
    english, japanese = (
        read_report((GOLDEN / language / "daily_report_20261119.json").read_text(encoding="utf-8"))
        for language in LANGUAGES
    )
    assert in_language(english, "ja").recommendations == japanese.recommendations
    assert in_language(japanese, "en").recommendations == english.recommendations

"""The metrics: those of the contract, each exposed by one process, and documented as the code has them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from exporter import scrape
from exporter.catalogue import EVERY
from processor.github_client import ENDPOINTS
from processor.metrics import EXAMPLES, Metrics
from processor.service.duties import DUTIES
from tests.contract.expressions import matchers, selectors
from tests.contract.families import exposed

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")

#: What rules and dashboards may count on, as agreed; a change here is a change of every one of them.
OF_THE_LEDGER_AND_THE_HOST = {
    "aip_runs_total", "aip_issues_skipped_total", "aip_errors_total", "aip_retries_total",
    "aip_quality_gate_results_total", "aip_quality_gate_findings_total", "aip_pull_request_review_seconds",
    "aip_pull_requests_created_total", "aip_pull_requests_closed_total",
    "aip_agent_tokens_total", "aip_agent_cost_dollars_total",
    "aip_run_duration_seconds", "aip_issue_latency_seconds", "aip_issue_queue_wait_seconds",
    "aip_phase_duration_seconds", "aip_quality_gate_score_ratio", "aip_pull_request_merge_seconds",
    "aip_consecutive_failures", "aip_recent_failure_ratio", "aip_last_success_timestamp_seconds",
    "aip_queue_issues", "aip_oldest_queued_issue_timestamp_seconds", "aip_pull_requests_open", "aip_dead_letter_issues",
    "aip_runs_in_progress",
    "aip_report_runs", "aip_report_errors", "aip_report_hour_runs", "aip_report_duration_seconds_mean",
    "aip_report_duration_seconds_max", "aip_report_period_start_timestamp_seconds",
    "aip_report_duration_runs", "aip_report_phase_seconds", "aip_report_incidents", "aip_report_alert_incidents",
    "aip_report_trend_runs", "aip_report_trend_work_seconds", "aip_report_trend_duration_seconds_max",
    "aip_report_trend_cost_dollars", "aip_report_trend_pull_requests", "aip_report_trend_start_timestamp_seconds",
    "aip_github_rate_limit_limit", "aip_github_rate_limit_remaining", "aip_github_rate_limit_reset_timestamp_seconds",
    "aip_host_cpu_usage_ratio", "aip_host_memory_usage_ratio", "aip_host_disk_usage_ratio", "aip_host_load1",
    "aip_ledger_size_bytes", "aip_state_size_bytes", "aip_logs_size_bytes",
    "aip_exporter_collector_success", "aip_exporter_collector_duration_seconds",
    "aip_slo_objective_ratio", "aip_slo_latency_threshold_seconds",
    "aip_drill_last_success_timestamp_seconds",
    "aip_report_made_timestamp_seconds", "aip_report_deliveries_total",
    "aip_report_undelivered_since_timestamp_seconds",
    "aip_backup_last_success_timestamp_seconds", "aip_backup_size_bytes", "aip_backup_sound", "aip_backup_wanted",
    "aip_ledger_created_timestamp_seconds", "aip_ledger_totals_moved_timestamp_seconds",
    "aip_checklist_item_status", "aip_checklist_last_run_timestamp_seconds", "aip_checklist_overdue_seconds",
    "aip_checklist_unsigned_failure_timestamp_seconds", "aip_security_alerts_open",
    "aip_canary_runs_total", "aip_canary_cost_dollars_total", "aip_canary_consecutive_failures",
    "aip_canary_last_success_timestamp_seconds", "aip_canary_last_end_timestamp_seconds",
    "aip_build_info",
}  # fmt: skip
OF_THE_RUNNING_SERVICE = {
    "aip_active_tasks", "aip_agent_processes", "aip_agent_resident_memory_bytes", "aip_max_parallel_tasks",
    "aip_poll_interval_seconds", "aip_canary_interval_seconds", "aip_capacity_level", "aip_paused",
    "aip_heartbeat_timestamp_seconds",
    "aip_last_poll_success_timestamp_seconds", "aip_scheduler_skipped_runs_total",
    "aip_github_request_duration_seconds", "aip_build_info",
    "aip_config_last_reload_successful", "aip_config_last_reload_success_timestamp_seconds",
    "aip_config_override_expiry_timestamp_seconds",
}  # fmt: skip
FAMILIES = [*(family for kind in EVERY for family in kind.families), *scrape.FAMILIES]
_BASE_UNITS = ("seconds", "bytes", "ratio", "dollars")


def _service() -> dict[str, str]:
    """The families of the service with their help."""
    registry = CollectorRegistry()
    Metrics(registry, duties=DUTIES, endpoints=ENDPOINTS)
    suffix = {"counter": "_total", "info": "_info"}
    return {one.name + suffix.get(one.type, ""): one.documentation for one in registry.collect()}


def test_the_exporter_exposes_what_was_agreed():
    assert {family.name for family in FAMILIES} == OF_THE_LEDGER_AND_THE_HOST
    assert len(FAMILIES) == len(OF_THE_LEDGER_AND_THE_HOST)


def test_the_service_exposes_what_was_agreed():
    assert _service().keys() == OF_THE_RUNNING_SERVICE
    assert EXAMPLES.keys() == OF_THE_RUNNING_SERVICE


def test_no_family_is_exposed_by_both():
    assert {family.name for family in FAMILIES} & _service().keys() == {"aip_build_info"}


def test_a_collector_gives_the_families_that_it_names(office_exporter):
    text, _ = office_exporter.once()
    exposed = set(re.findall(r"^# TYPE (aip_\w+)", text, re.MULTILINE))
    assert exposed == {family.name for family in FAMILIES}


@pytest.fixture
def office_exporter(tmp_path):
    from exporter.service import Exporter  # noqa: PLC0415
    from processor.settings.sections import MainFile, Settings, State  # noqa: PLC0415

    exporter = Exporter(Settings(main=MainFile(state=State(directory=tmp_path / "state"))), {})
    yield exporter
    exporter.close()


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_names_say_type_and_unit(family):
    assert family.name.endswith("_total") == (family.kind == "counter")
    assert re.fullmatch(r"[A-Z1].*[^.]", family.help)
    assert family.name in family.example or family.name.removesuffix("_total") in family.example
    if family.kind == "histogram":
        assert family.unit in _BASE_UNITS


@pytest.mark.parametrize("example", [*(family.example for family in FAMILIES), *EXAMPLES.values()])
def test_an_example_asks_for_what_is_exposed(example):
    for node in selectors(example):
        series = exposed()[node.expr.name]
        asked = [one for one in matchers(node.expr) if one.op == "="]
        assert {one.label for one in asked} <= series.labels
        assert not series.values or any(
            all(labels[one.label] == one.value for one in asked) for labels in series.values
        )


def test_the_pages_of_metrics_are_up_to_date():
    check = subprocess.run(
        [sys.executable, "scripts/generate-metrics-docs", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (check.returncode, check.stderr) == (0, "")


def test_every_metric_in_the_documents_exists():
    known = OF_THE_LEDGER_AND_THE_HOST | OF_THE_RUNNING_SERVICE
    absent = set(re.findall(r"`(aip_\w+)`", PAGE.partition("## Not there yet")[2]))
    assert absent & known == set()
    named = {
        word
        for path in (ROOT / "docs").rglob("*.md")
        # What rules record has colons; test_runbooks.py looks at those.
        # A name that ends in a star is a pattern, of files for instance.
        for word in re.findall(r"(?<!:)\baip_[a-z0-9_]+(?![a-z0-9_*])", path.read_text(encoding="utf-8"))
    }
    bare = {re.sub(r"_(bucket|count|sum|created)$", "", word) for word in named}
    roles = {"aip_reader", "aip_backup_"}  # of the database; files of the old system
    assert bare - known - absent - roles == set()

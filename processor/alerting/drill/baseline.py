"""A healthy installation, and healthy monitoring, as their metrics say it: the series that the rules ask for."""

from collections.abc import Mapping

from processor.alerting.drill.changes import Ago, Change, Growing

PROCESSOR, EXPORTER, PROMETHEUS, ALERTMANAGER = "aip-processor", "aip-exporter", "prometheus", "alertmanager"
#: What is watched together has one service in common.
INSTALLATION, MONITORING = (PROCESSOR, EXPORTER), (PROMETHEUS, ALERTMANAGER)


def runs(outcome: str) -> str:
    """Name the series of the runs that ended so."""
    return f'aip_runs_total{{repository="octo/hello",priority="p1",outcome="{outcome}"}}'


def latency(le: str) -> str:
    """Name a bucket of the time from discovery to outcome."""
    return f'aip_issue_latency_seconds_bucket{{priority="p1",le="{le}"}}'


def report(outcome: str) -> str:
    """Name the series of the closed day's runs that ended so."""
    return f'aip_report_runs{{period="day",priority="p1",outcome="{outcome}"}}'


def requests(code: str) -> str:
    """Name the series of the requests that GitHub answered so."""
    return f'aip_github_request_duration_seconds_count{{endpoint="issues",code="{code}"}}'


AUTH_ERRORS = 'aip_errors_total{phase="prepare",error_type="github_auth"}'
COST = 'aip_agent_cost_dollars_total{agent="claude"}'
COLLECTOR = 'aip_exporter_collector_success{collector="runs"}'
DISK = 'aip_host_disk_usage_ratio{mountpoint="/"}'
LATENCY_COUNT = 'aip_issue_latency_seconds_count{priority="p1"}'
OVERRIDE_END = 'aip_config_override_expiry_timestamp_seconds{setting="gate.minimum_score"}'
QUEUE = 'aip_queue_issues{repository="octo/hello",priority="p1"}'
RATE_LIMIT, RATE_REMAINING, RATE_RESET = (
    f'aip_github_rate_limit_{name}{{resource="core"}}' for name in ("limit", "remaining", "reset_timestamp_seconds")
)
RECENT_FAILURES = 'aip_recent_failure_ratio{window_events="20"}'
RUN_COUNT = 'aip_run_duration_seconds_count{outcome="success"}'
RUN_SECONDS = 'aip_run_duration_seconds_sum{outcome="success"}'
CHECKLIST_OVERDUE = 'aip_checklist_overdue_seconds{checklist="daily"}'
CHECKLIST_UNSIGNED = 'aip_checklist_unsigned_failure_timestamp_seconds{checklist="daily",item="backup"}'
UNDELIVERED = 'aip_report_undelivered_since_timestamp_seconds{channel="email"}'
UNREVIEWED = 'aip_pull_requests_open{repository="octo/hello",review_state="none"}'

SENDING_ERRORS = 'prometheus_notifications_errors_total{alertmanager="http://127.0.0.1:9093/api/v2/alerts"}'
SENT = 'prometheus_notifications_sent_total{alertmanager="http://127.0.0.1:9093/api/v2/alerts"}'
RULE_FAILURES = 'prometheus_rule_evaluation_failures_total{rule_group="host.yml;aip.host"}'
SAMPLES = 'prometheus_tsdb_head_samples_appended_total{type="float"}'
NOT_NOTIFIED = 'alertmanager_notifications_failed_total{integration="slack",receiver_name="slack"}'

#: Seconds of an issue's latency that the objective allows, and the bucket with that edge.
LATENCY_EDGE = "600.0"
#: All runs but the cancelled one, and those of them that did not succeed; all issues, and those that were late.
EVENTS, BAD_EVENTS = 432, 32

BASELINE: Mapping[str, Mapping[str, Change]] = {
    PROCESSOR: {
        "process_start_time_seconds": Ago(86400),
        "aip_heartbeat_timestamp_seconds": Ago(1),
        "aip_last_poll_success_timestamp_seconds": Ago(20),
        "aip_poll_interval_seconds": 60,
        "aip_canary_interval_seconds": 3600,
        "aip_paused": 0,
        "aip_config_last_reload_successful": 1,
        OVERRIDE_END: 0,
        "aip_active_tasks": 0,
        "aip_max_parallel_tasks": 2,
        requests("2xx"): Growing(0.5),
        requests("304"): Growing(0.5),
        requests("4xx"): 0,
    },
    EXPORTER: {
        runs("success"): 400,
        runs("rejected"): 20,
        runs("error"): 10,
        runs("timeout"): 2,
        runs("cancelled"): 1,
        "aip_consecutive_failures": 0,
        RECENT_FAILURES: 0.05,
        "aip_last_success_timestamp_seconds": Ago(300),
        AUTH_ERRORS: 1,
        COST: 120,
        RUN_COUNT: 400,
        RUN_SECONDS: 40_000,
        LATENCY_COUNT: EVENTS,
        latency("300.0"): 350,
        latency(LATENCY_EDGE): EVENTS - BAD_EVENTS,
        latency("+Inf"): EVENTS,
        'aip_slo_objective_ratio{slo="success"}': 0.85,
        'aip_slo_objective_ratio{slo="latency"}': 0.85,
        "aip_slo_latency_threshold_seconds": 600,
        QUEUE: 0,
        "aip_oldest_queued_issue_timestamp_seconds": Ago(60),
        UNREVIEWED: 2,
        UNDELIVERED: Ago(20),
        "aip_backup_last_success_timestamp_seconds": Ago(8 * 3600),
        "aip_backup_sound": 1,
        "aip_backup_wanted": 1,
        "aip_ledger_created_timestamp_seconds": Ago(200 * 24 * 3600),
        "aip_ledger_totals_moved_timestamp_seconds": Ago(100 * 24 * 3600),
        "aip_canary_consecutive_failures": 0,
        "aip_canary_last_end_timestamp_seconds": Ago(1200),
        CHECKLIST_OVERDUE: 0,
        CHECKLIST_UNSIGNED: Ago(20),
        report("success"): 20,
        report("error"): 1,
        RATE_LIMIT: 5000,
        RATE_REMAINING: 4500,
        RATE_RESET: Ago(-1800),
        "aip_host_cpu_usage_ratio": 0.2,
        "aip_host_memory_usage_ratio": 0.4,
        DISK: 0.65,
        COLLECTOR: 1,
    },
    PROMETHEUS: {
        "prometheus_config_last_reload_successful": 1,
        "prometheus_notifications_alertmanagers_discovered": 1,
        RULE_FAILURES: 0,
        "prometheus_target_scrapes_exceeded_sample_limit_total": 0,
        SENDING_ERRORS: 0,
        SENT: Growing(100),
        "prometheus_tsdb_compactions_failed_total": 0,
        SAMPLES: Growing(500),
    },
    ALERTMANAGER: {
        "alertmanager_config_last_reload_successful": 1,
        NOT_NOTIFIED: 0,
    },
}


def family(series: str) -> str:
    """Take the labels off a series."""
    return series.partition("{")[0]


JOB_OF = {family(series): job for job, lines in BASELINE.items() for series in lines}


def grows(series: str) -> bool:
    """Tell whether a series is a counter: such a one stays where it is when its cause is mended."""
    return family(series).endswith(("_total", "_count", "_sum", "_bucket"))

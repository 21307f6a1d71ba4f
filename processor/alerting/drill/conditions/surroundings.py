"""The host, the reports, the backups, the canary, the checklists, and the monitoring itself."""

from processor.alerting.drill.baseline import (
    CHECKLIST_OVERDUE,
    CHECKLIST_UNSIGNED,
    DISK,
    NOT_NOTIFIED,
    RULE_FAILURES,
    SAMPLES,
    SENDING_ERRORS,
    UNDELIVERED,
)
from processor.alerting.drill.changes import Ago, Growing, Held, Plus
from processor.alerting.drill.condition import Condition

CONDITIONS = (
    Condition(
        alert="AipMemoryUsageHigh",
        told="97% of the memory is in use",
        says=("97%",),
        injects={"aip_host_memory_usage_ratio": 0.97},
    ),
    Condition(
        alert="AipCpuHigh",
        told="the processors are 99% busy",
        injects={"aip_host_cpu_usage_ratio": 0.99},
        settles="30m",
    ),
    Condition(
        alert="AipDiskHigh",
        told="a disk is 97% full",
        says=("97%",),
        injects={DISK: 0.97},
    ),
    Condition(
        alert="AipDiskFillsIn24h",
        told="a disk of 65% fills by 3% an hour",
        injects={DISK: Growing(8e-6)},
        heals={DISK: 0.5},
    ),
    Condition(
        alert="AipReportUndelivered",
        told="a report has waited for two hours to be sent by e-mail",
        says=("2h 0m", "email"),
        injects={UNDELIVERED: Ago(7205)},
        heals={UNDELIVERED: Ago(20)},
    ),
    Condition(
        alert="AipBackupStale",
        told="the newest backup is two days old",
        says=("2d 0h",),
        injects={"aip_backup_last_success_timestamp_seconds": Ago(48 * 3600 + 1800)},
    ),
    Condition(
        alert="AipBackupUnsound",
        told="the newest backup could not be restored on trial",
        injects={"aip_backup_sound": 0},
    ),
    Condition(
        alert="AipTotalsMoved",
        told="the ledger was restored an hour ago",
        says=("1h",),
        injects={"aip_ledger_totals_moved_timestamp_seconds": Ago(3600 + 60)},
    ),
    Condition(
        alert="AipCanaryFailing",
        told="three rounds of the canary in a row fail",
        says=("3",),
        injects={"aip_canary_consecutive_failures": 3},
    ),
    Condition(
        alert="AipCanarySilent",
        told="the last round of the canary ended three hours ago, at an interval of one",
        says=("3h 0m",),
        injects={"aip_canary_last_end_timestamp_seconds": Ago(3 * 3600 + 5)},
    ),
    Condition(
        alert="AipChecklistNotRun",
        told="a section of the daily list was due two hours ago",
        says=("2h 0m", "daily"),
        injects={CHECKLIST_OVERDUE: 7200},
    ),
    Condition(
        alert="AipChecklistItemFailed",
        told="an item has failed for two days, and nobody signed it",
        says=("2d 0h", "backup"),
        injects={CHECKLIST_UNSIGNED: Ago(172_805)},
        heals={CHECKLIST_UNSIGNED: Ago(20)},
    ),
    Condition(
        alert="PrometheusTargetLimitHit",
        told="a scrape exceeds sample_limit",
        injects={"prometheus_target_scrapes_exceeded_sample_limit_total": Growing(1)},
        settles="15m",
    ),
    Condition(
        alert="PrometheusBadConfig",
        told="the last reload of Prometheus failed",
        injects={"prometheus_config_last_reload_successful": 0},
        settles="5m",
    ),
    Condition(
        alert="PrometheusRuleFailures",
        told="a rule fails once a second",
        says=("aip.host",),
        injects={RULE_FAILURES: Growing(1)},
        settles="5m",
    ),
    Condition(
        alert="PrometheusNotConnectedToAlertmanagers",
        told="Prometheus knows no Alertmanager",
        says=("0",),
        injects={"prometheus_notifications_alertmanagers_discovered": 0},
        settles="5m",
    ),
    Condition(
        alert="PrometheusErrorSendingAlerts",
        told="one of ten alerts to Alertmanager is lost",
        says=("10%",),
        injects={SENDING_ERRORS: Growing(10)},
        settles="5m",
    ),
    Condition(
        alert="PrometheusTSDBCompactionsFailing",
        told="a compaction of Prometheus fails",
        injects={"prometheus_tsdb_compactions_failed_total": Plus(1)},
        settles="3h",
    ),
    Condition(
        alert="PrometheusNotIngestingSamples",
        told="Prometheus stores no sample",
        says=("0",),
        injects={SAMPLES: Held()},
        heals={SAMPLES: Growing(500)},
        settles="5m",
    ),
    Condition(
        alert="AlertmanagerFailedReload",
        told="the last reload of Alertmanager failed",
        injects={"alertmanager_config_last_reload_successful": 0},
        settles="5m",
    ),
    Condition(
        alert="AlertmanagerFailedToSendAlerts",
        told="notifications to Slack fail",
        says=("slack",),
        injects={NOT_NOTIFIED: Growing(1)},
        settles="15m",
    ),
)

"""Monitoring itself: can we believe what we see, and does a message come through?"""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import colours, limits
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import bars, lines
from grafana.src.panels.lists import ranking
from grafana.src.panels.numbers import numbers
from grafana.src.panels.parts import yes_or_no
from grafana.src.queries import OURS, Query, age, grown, once
from grafana.src.words import Words

JOBS = ("aip-processor", "aip-exporter", "prometheus", "alertmanager")
OF_PROMETHEUS = 'job="prometheus"'
OF_ALERTMANAGER = 'job="alertmanager"'
SCRAPED = 'job=~"aip-processor|aip-exporter|prometheus|alertmanager"'


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard of exporter, Prometheus and Alertmanager."""
    sections = [
        Section("trust", _trust(words)),
        Section("scrapes", _scrapes(words)),
        Section("rules", _rules(words)),
        Section("reports", _reports(words)),
    ]
    return build(words, site, sections, span="now-24h", refresh="1m")


def _trust(words: Words) -> list[Builder[Any]]:
    targets = [Query(f'min(up{{job="{job}"}}) or vector(0)', job) for job in JOBS]
    watchdog = 'max(ALERTS{alertname="Watchdog", alertstate="firing", service="monitoring"}) or vector(0)'
    found = f"min(prometheus_notifications_alertmanagers_discovered{{{OF_PROMETHEUS}}} >= bool 1) or vector(0)"
    reloads = {
        "prometheus": f"min(prometheus_config_last_reload_successful{{{OF_PROMETHEUS}}}) or vector(0)",
        "alertmanager": f"min(alertmanager_config_last_reload_successful{{{OF_ALERTMANAGER}}}) or vector(0)",
    }
    kept: dict[str, Any] = {"unit": "bool_yes_no", "mappings": yes_or_no(words)}
    return [
        numbers(words, "targets", *targets, span=8, **kept,
                alerts=["AipProcessorDown", "AipExporterDown", "TargetDown"]),
        numbers(words, "path", Query(watchdog, words("panels", "path", "series", "watchdog")),
                Query(found, words("panels", "path", "series", "found")), span=5, **kept,
                alerts=["Watchdog", "PrometheusNotConnectedToAlertmanagers"]),
        numbers(words, "reloads", *(Query(expr, name) for name, expr in reloads.items()), span=4, **kept,
                alerts=["PrometheusBadConfig", "AlertmanagerFailedReload"]),
        numbers(words, "collectors", Query(f"count(aip_exporter_collector_success{{{OURS}}} == 0) or vector(0)"),
                unit="short", span=3, limit=limits.FAILING_COLLECTORS),
        numbers(words, "backup", Query(f"time() - max(aip_backup_last_success_timestamp_seconds{{{OURS}}})"),
                unit="s", span=4, limit=limits.BACKUP_AGE_SECONDS, alerts=["AipBackupUnsound"]),
    ]  # fmt: skip


def _scrapes(words: Words) -> list[Builder[Any]]:
    scrapes = f"max by (job) (scrape_duration_seconds{{{SCRAPED}}})"
    collectors = f"max by (collector) (aip_exporter_collector_duration_seconds{{{OURS}}})"
    samples = f"max by (job) (scrape_samples_post_metric_relabeling{{{SCRAPED}}})"
    return [
        lines(words, "scrapes", Query(scrapes, "{{job}}"), unit="s", span=8),
        ranking(words, "collector_times", Query(f"topk(8, {collectors})", "{{collector}}"), unit="s",
                colour=colours.NEUTRAL, alerts=["AipExporterCollectorFailing"]),
        lines(words, "samples", Query(samples, "{{job}}"), unit="short", span=8, limit=limits.SAMPLES_OF_A_TARGET),
    ]  # fmt: skip


def _reports(words: Words) -> list[Builder[Any]]:
    waits = age(once("aip_report_undelivered_since_timestamp_seconds"))

    def sent(delivery: str) -> str:
        return f"sum({grown('aip_report_deliveries_total', '$__interval', delivery.replace('delivery', 'result', 1))})"

    return [
        numbers(words, "undelivered", Query(f"max({waits}) or vector(0)"), unit="s", span=6, height=8,
                limit=limits.UNDELIVERED_SECONDS),
        bars(words, "deliveries", sent, label="delivery", unit="short", span=18),
    ]  # fmt: skip


def _rules(words: Words) -> list[Builder[Any]]:
    def name(panel: str, series: str) -> str:
        return words("panels", panel, "series", series)

    slowest = f"max(prometheus_rule_group_last_duration_seconds{{{OF_PROMETHEUS}}})"
    failures = f"sum(increase(prometheus_rule_evaluation_failures_total{{{OF_PROMETHEUS}}}[$__rate_interval]))"
    missed = f"sum(increase(prometheus_rule_group_iterations_missed_total{{{OF_PROMETHEUS}}}[$__rate_interval]))"
    sent = f"sum(increase(alertmanager_notifications_total{{{OF_ALERTMANAGER}}}[$__rate_interval]))"
    failed = f"sum(increase(alertmanager_notifications_failed_total{{{OF_ALERTMANAGER}}}[$__rate_interval]))"
    series = f"max(prometheus_tsdb_head_series{{{OF_PROMETHEUS}}})"
    return [
        lines(words, "evaluation", Query(slowest, name("evaluation", "slowest")), unit="s", span=6),
        lines(words, "failures", Query(failures, name("failures", "failed")), Query(missed, name("failures", "missed")),
              unit="short", span=6, alerts=["PrometheusRuleFailures"]),
        lines(words, "messages", Query(sent, name("messages", "sent")), Query(failed, name("messages", "failed")),
              unit="short", span=6, alerts=["AlertmanagerFailedToSendAlerts"]),
        lines(words, "series", Query(series, name("series", "series")), unit="short", span=6),
    ]  # fmt: skip

"""Weekly report: the last closed week, Monday to Sunday, exact, against the weeks before; and where its time went."""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import colours, limits
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import lines
from grafana.src.panels.lists import ranking
from grafana.src.panels.numbers import numbers
from grafana.src.queries import FIRING, OURS, Query, grown, once, total
from grafana.src.reports import WEEK
from grafana.src.words import Words

START = f"{WEEK.largest('aip_report_period_start_timestamp_seconds')} * 1000"
MEAN = WEEK.largest("aip_report_duration_seconds_mean")
LONGEST = WEEK.largest("aip_report_duration_seconds_max")
BUCKET, COUNT = "aip_run_duration_seconds_bucket", "aip_run_duration_seconds_count"


def board(words: Words, site: Site) -> Dashboard:
    """Make the report of the closed week; below it, what has no closed period covers the last seven days."""
    sections = [
        Section("week", _result(words)),
        Section("parts", _parts(words)),
        Section("days", [*_times(words), *_trends(words)]),
    ]
    return build(words, site, sections, span="now-35d", refresh="5m")


def _result(words: Words) -> list[Builder[Any]]:
    return [
        numbers(words, "start", Query(START), unit="time:YYYY-MM-DD", span=4),
        numbers(words, "processed", *WEEK.compared(words, WEEK.runs()), unit="short", span=6, decimals=0),
        numbers(words, "success_rate", *WEEK.compared(words, WEEK.success_rate()), unit="percentunit", span=7,
                decimals=0, limit=limits.REPORT_SUCCESS_RATIO, board="slo"),
        numbers(words, "errors", *WEEK.compared(words, WEEK.errors()), unit="short", span=7, decimals=0),
        numbers(words, "mean", *WEEK.compared(words, MEAN), unit="s", span=12, decimals=0,
                limit=limits.MEAN_DURATION_SECONDS),
        numbers(words, "longest", *WEEK.compared(words, LONGEST), unit="s", span=12, decimals=0),
    ]  # fmt: skip


def _parts(words: Words) -> list[Builder[Any]]:
    outcomes = total("outcome", once("aip_report_runs", WEEK.of()))
    types = total("error_type", once("aip_report_errors", WEEK.of()))
    return [
        ranking(words, "outcomes", Query(f"sort_desc({outcomes})", "{{outcome}}"), unit="short",
                colour=colours.NEUTRAL, label="outcome", span=12),
        ranking(words, "error_types", Query(f"topk(5, {types} > 0.5)", "{{error_type}}"), unit="short",
                colour=colours.ACT, span=12, alerts=["AipHighErrorRate"]),
    ]  # fmt: skip


def _times(words: Words) -> list[Builder[Any]]:
    def name(series: str) -> str:
        return words("panels", "distribution", "series", series)

    minute, five = (f"sum({grown(BUCKET, '7d', one)})" for one in ('le="60.0"', 'le="300.0"'))
    everything = f"sum({grown(COUNT, '7d')})"
    phases = total("phase", grown("aip_phase_duration_seconds_sum", "7d"))
    closed = total("result", grown("aip_pull_requests_closed_total", "7d"))
    return [
        numbers(words, "distribution", Query(minute, name("short")), Query(f"{five} - {minute}", name("middle")),
                Query(f"{everything} - {five}", name("long")), unit="short", span=8, height=8, decimals=0),
        ranking(words, "phases", Query(f"sort_desc({phases})", "{{phase}}"), unit="s", colour=colours.NEUTRAL),
        ranking(words, "closed", Query(f"sort_desc({closed})", "{{result}}"), unit="short", colour=colours.NEUTRAL,
                label="result"),
    ]  # fmt: skip


def _trends(words: Words) -> list[Builder[Any]]:
    def name(panel: str, series: str) -> str:
        return words("panels", panel, "series", series)

    cpu, memory = (f"max(avg_over_time(aip_host_{one}_usage_ratio{{{OURS}}}[1d]))" for one in ("cpu", "memory"))
    alerts = f"count(count_over_time(ALERTS{{{FIRING}}}[1d])) or vector(0)"
    spent = f"sum({grown('aip_agent_cost_dollars_total', '$__interval')})"
    return [
        lines(words, "resources", Query(cpu, name("resources", "cpu")), Query(memory, name("resources", "memory")),
              unit="percentunit", span=8, maximum=1, alerts=["AipCpuHigh", "AipMemoryUsageHigh"]).interval("6h"),
        lines(words, "incidents", Query(alerts, name("incidents", "alerts")), unit="short", span=8).interval("6h"),
        lines(words, "cost", Query(spent, name("cost", "spent")), unit="currencyUSD", span=8,
              board="cost").interval("1d"),
    ]  # fmt: skip

"""Weekly report: the last closed week, Monday to Sunday, exact, against the four before it; and where its time went."""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import colours, limits, links
from grafana.src.frame import Section, Site, build
from grafana.src.panels.columns import columns
from grafana.src.panels.graphs import lines
from grafana.src.panels.lists import Column, matrix, ranking
from grafana.src.panels.numbers import numbers
from grafana.src.queries import FIRING, OURS, Query, grown, once, total
from grafana.src.reports import FAILED, LAST, PROCESSED, SUCCEEDED, WEEK, counts
from grafana.src.words import Words

START = WEEK.largest("start_timestamp_seconds")
COST = WEEK.each("cost_dollars")
SECONDS = "suffix: s"


def board(words: Words, site: Site) -> Dashboard:
    """Make the report of the closed week; the trends of the host and of alerts are as Prometheus saw them."""
    sections = [
        Section("week", [*_result(words), *_times(words)]),
        Section("weeks", _weeks(words)),
        Section("parts", [*_parts(words), *_work(words)]),
        Section("trends", _trends(words)),
    ]
    return build(words, site, sections, span="now-35d", refresh="5m", noted_every="5m")


def _result(words: Words) -> list[Builder[Any]]:
    start = Query(f"{WEEK.largest('start_timestamp_seconds', LAST)} * 1000")
    return [
        numbers(words, "start", start, unit="time:YYYY-MM-DD", span=4),
        counts(words, "processed", WEEK, WEEK.processed, span=6),
        numbers(words, "success_rate", *WEEK.compared(words, WEEK.success_rate), unit="percentunit", span=7,
                decimals=0, limit=limits.REPORT_SUCCESS_RATIO, board="slo"),
        counts(words, "errors", WEEK, WEEK.errors, span=7),
    ]  # fmt: skip


def _times(words: Words) -> list[Builder[Any]]:
    spent, successes = WEEK.each("cost_dollars", LAST), WEEK.each("runs", SUCCEEDED, LAST)
    cost = {"spent": spent, "success": f"{spent} / ({successes} > 0)"}
    return [
        numbers(words, "mean", *WEEK.compared(words, WEEK.mean), unit=SECONDS, span=8, decimals=0,
                limit=limits.MEAN_DURATION_SECONDS),
        numbers(words, "longest", *WEEK.compared(words, WEEK.longest, "longest"), unit=SECONDS, span=9, decimals=0),
        numbers(words, "cost", *(Query(expr, words("panels", "cost", "series", name)) for name, expr in cost.items()),
                unit="currencyUSD", span=7, decimals=2, board="cost"),
    ]  # fmt: skip


def _weeks(words: Words) -> list[Builder[Any]]:
    outcomes = total("ago, outcome", once("aip_report_trend_runs", WEEK.of()))
    names = {str(ago): words("panels", "weeks", "values", str(ago)) for ago in range(5)}
    shown = (
        Column("start", f"{START} * 1000", "time:YYYY-MM-DD"),
        Column("processed", WEEK.each("runs", PROCESSED), "short"),
        Column("success_rate", WEEK.share(SUCCEEDED), "percentunit", 1, limits.REPORT_SUCCESS_RATIO),
        Column("errors", WEEK.each("runs", FAILED), "short"),
        Column("mean", WEEK.mean_seconds(), SECONDS, 0, limits.MEAN_DURATION_SECONDS),
        Column("longest", WEEK.largest("duration_seconds_max"), SECONDS),
        Column("merged", WEEK.each("pull_requests", 'result="merged"'), "short"),
        Column("closed", WEEK.each("pull_requests", 'result="closed"'), "short"),
        Column("cost", COST, "currencyUSD", 2),
    )
    return [
        matrix(words, "table", shown, by="ago", span=15, height=9),
        columns(words, "weeks", Query(outcomes), along="ago", label="outcome", unit="short", span=9, names=names,
                is_reversed=True),
    ]  # fmt: skip


def _parts(words: Words) -> list[Builder[Any]]:
    outcomes = total("outcome", once("aip_report_runs", WEEK.of()))
    types = total("error_type", once("aip_report_errors", WEEK.of()))
    bands = total("band", once("aip_report_duration_runs", WEEK.of()))
    return [
        ranking(words, "outcomes", Query(f"sort_desc({outcomes})", "{{outcome}}"), unit="short",
                colour=colours.NEUTRAL, label="outcome"),
        ranking(words, "error_types", Query(f"topk(5, {types} > 0.5)", "{{error_type}}"), unit="short",
                colour=colours.ACT, alerts=["AipHighErrorRate"], board=links.FAILURES_OF_THE_WEEK),
        ranking(words, "distribution", Query(f"sort_desc({bands})", "{{band}}"), unit="short", colour=colours.NEUTRAL,
                label="band"),
    ]  # fmt: skip


def _work(words: Words) -> list[Builder[Any]]:
    phases = total("phase", once("aip_report_phase_seconds", WEEK.of()))
    closed = total("result", once("aip_report_trend_pull_requests", WEEK.of(LAST)))
    alerts = total("alert", once("aip_report_alert_incidents", WEEK.of()))
    severities = {"act": 'severity=~"critical|high"', "look": 'severity!~"critical|high"'}
    incidents = [
        Query(f"sum({once('aip_report_incidents', WEEK.of(which))})", words("panels", "incidents", "series", name))
        for name, which in severities.items()
    ]
    return [
        ranking(words, "phases", Query(f"sort_desc({phases})", "{{phase}}"), unit=SECONDS, colour=colours.NEUTRAL,
                span=7),
        ranking(words, "closed", Query(f"sort_desc({closed})", "{{result}}"), unit="short", colour=colours.NEUTRAL,
                label="result", span=6),
        numbers(words, "incidents", *incidents, unit="short", span=4, height=8, decimals=0),
        ranking(words, "alerts", Query(f"topk(5, {alerts})", "{{alert}}"), unit="short", colour=colours.NEUTRAL,
                span=7),
    ]  # fmt: skip


def _trends(words: Words) -> list[Builder[Any]]:
    def name(panel: str, series: str) -> str:
        return words("panels", panel, "series", series)

    host = {one: f"max(avg_over_time(aip_host_{one}_usage_ratio{{{OURS}}}[1d]))" for one in ("cpu", "memory", "disk")}
    firing = f"count(count_over_time(ALERTS{{{FIRING}}}[1d])) or vector(0)"
    spent = f"sum({grown('aip_agent_cost_dollars_total', '$__interval')})"
    return [
        lines(words, "resources", *(Query(expr, name("resources", one)) for one, expr in host.items()),
              unit="percentunit", span=8, maximum=1,
              alerts=["AipCpuHigh", "AipMemoryUsageHigh", "AipDiskHigh"]).interval("6h"),
        lines(words, "firing", Query(firing, name("firing", "alerts")), unit="short", span=8).interval("6h"),
        lines(words, "dollars", Query(spent, name("dollars", "spent")), unit="currencyUSD", span=8,
              board="cost").interval("1d"),
    ]  # fmt: skip

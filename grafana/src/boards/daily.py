"""Daily report: the last closed day in the operator's time zone, exact, against the days before it."""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard, DynamicConfigValue

from grafana.src import colours, limits, links
from grafana.src.frame import Section, Site, build
from grafana.src.panels.columns import columns
from grafana.src.panels.lists import ranking
from grafana.src.panels.numbers import numbers
from grafana.src.panels.parts import named
from grafana.src.queries import Query, once, total
from grafana.src.reports import DAY, LAST, PROCESSED, SUCCEEDED, counts
from grafana.src.words import Words

START = f"{DAY.largest('start_timestamp_seconds', LAST)} * 1000"
SECONDS = "suffix: s"
#: What the panel of recommendations shows in place of a value that gives no reason for one.
FINE = -1


def board(words: Words, site: Site) -> Dashboard:
    """Make the report of the closed day; it is the same whatever time is chosen within the day after it."""
    sections = [
        Section("day", [*_result(words), *_times(words)]),
        Section("advice", [_advice(words)]),
        Section("parts", [_hours(words), *_priorities(words), *_parts(words)]),
    ]
    return build(words, site, sections, span="now-24h", refresh="5m")


def _result(words: Words) -> list[Builder[Any]]:
    return [
        numbers(words, "start", Query(START), unit="time:YYYY-MM-DD", span=4),
        counts(words, "processed", DAY, DAY.processed, span=6),
        numbers(words, "success_rate", *DAY.compared(words, DAY.success_rate), unit="percentunit", span=7, decimals=0,
                limit=limits.REPORT_SUCCESS_RATIO, board="slo"),
        counts(words, "errors", DAY, DAY.errors, span=7, limit=limits.ERRORS_A_DAY, alerts=["AipHighErrorRate"],
               board=links.FAILURES_OF_THE_DAY),
    ]  # fmt: skip


def _times(words: Words) -> list[Builder[Any]]:
    return [
        numbers(words, "mean", *DAY.compared(words, DAY.mean), unit=SECONDS, span=12, decimals=0,
                limit=limits.MEAN_DURATION_SECONDS),
        numbers(words, "longest", *DAY.compared(words, DAY.longest, "longest"), unit=SECONDS, span=12, decimals=0),
    ]  # fmt: skip


def _advice(words: Words) -> Builder[Any]:
    """Show the value that is the reason, in yellow, or that there is none."""
    fine = named({str(FINE): (words("panels", "advice", "values", "fine"), colours.GOOD)})
    rate, mean, errors = DAY.success_rate(LAST), DAY.mean(LAST), f"{DAY.errors(LAST)} and {DAY.processed(LAST)} > 0"
    asked = {
        "success_rate": (rate, "<", limits.REPORT_SUCCESS_RATIO, "percentunit"),
        "mean": (mean, ">", limits.MEAN_DURATION_SECONDS, SECONDS),
        "errors": (errors, ">=", limits.ERRORS_A_DAY, "short"),
    }
    names = {name: words("panels", "advice", "series", name) for name in asked}
    queries = [
        Query(f"({expr}) {sign} {limit.value} or ({expr}) * 0 - {-FINE}", names[name])
        for name, (expr, sign, limit, _) in asked.items()
    ]
    told = ["AipSuccessRateBelowReportTarget", "AipProcessingDelay", "AipHighErrorRate"]
    panel = numbers(words, "advice", *queries, unit="short", span=24, mappings=fine, alerts=told, decimals=0)
    for name, (_, _, _, unit) in asked.items():
        panel = panel.override_by_name(names[name], [DynamicConfigValue("unit", unit)])
    return panel.thresholds(limits.plain(colours.LOOK))


def _hours(words: Words) -> Builder[Any]:
    hours = total("hour, outcome", once("aip_report_hour_runs"))
    padded = f'label_replace({hours}, "hour", "0$1", "hour", "([0-9])")'
    return columns(words, "hours", Query(padded), along="hour", label="outcome", unit="short", span=24)


def _priorities(words: Words) -> list[Builder[Any]]:
    def runs(*conditions: str) -> str:
        return total("priority", once("aip_report_runs", DAY.of(*conditions)))

    def rate(which: str) -> str:
        return f"sum({runs(SUCCEEDED, which)}) / (sum({runs(PROCESSED, which)}) > 0)"

    rates = [
        Query(rate(f'priority="{value}"'), words.shared("values", "priority", value))
        for value in colours.OF["priority"]
    ]
    return [
        ranking(words, "priorities", Query(f"sort_desc({runs(PROCESSED)})", "{{priority}}"), unit="short",
                colour=colours.NEUTRAL, label="priority", span=12),
        numbers(words, "priority_rates", *rates, unit="percentunit", span=12, height=8, decimals=0,
                limit=limits.REPORT_SUCCESS_RATIO),
    ]  # fmt: skip


def _parts(words: Words) -> list[Builder[Any]]:
    outcomes = total("outcome", once("aip_report_runs", DAY.of()))
    types = total("error_type", once("aip_report_errors", DAY.of()))
    return [
        ranking(words, "outcomes", Query(f"sort_desc({outcomes})", "{{outcome}}"), unit="short",
                colour=colours.NEUTRAL, label="outcome", span=12),
        ranking(words, "error_types", Query(f"sort_desc({types} > 0.5)", "{{error_type}}"), unit="short",
                colour=colours.ACT, alerts=["AipHighErrorRate"], span=12, board=links.FAILURES_OF_THE_DAY),
    ]  # fmt: skip

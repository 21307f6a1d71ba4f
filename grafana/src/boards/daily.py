"""Daily report: the last closed day in the operator's time zone, exact, against the days before it."""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import colours, limits, links
from grafana.src.frame import Section, Site, build
from grafana.src.panels.columns import columns
from grafana.src.panels.lists import ranking
from grafana.src.panels.numbers import numbers
from grafana.src.panels.parts import named
from grafana.src.queries import Query, once, total
from grafana.src.reports import DAY
from grafana.src.words import Words

START = f"{DAY.largest('aip_report_period_start_timestamp_seconds')} * 1000"
MEAN = DAY.largest("aip_report_duration_seconds_mean")
LONGEST = DAY.largest("aip_report_duration_seconds_max")


def board(words: Words, site: Site) -> Dashboard:
    """Make the report of the closed day; it is the same whatever time is chosen within the day after it."""
    sections = [
        Section("day", [*_result(words), *_times(words)]),
        Section("advice", [_advice(words)]),
        Section("parts", _parts(words)),
    ]
    return build(words, site, sections, span="now-24h", refresh="5m")


def _result(words: Words) -> list[Builder[Any]]:
    return [
        numbers(words, "start", Query(START), unit="time:YYYY-MM-DD", span=4),
        numbers(words, "processed", *DAY.compared(words, DAY.runs()), unit="short", span=6, decimals=0),
        numbers(words, "success_rate", *DAY.compared(words, DAY.success_rate()), unit="percentunit", span=7, decimals=0,
                limit=limits.REPORT_SUCCESS_RATIO, board="slo"),
        numbers(words, "errors", *DAY.compared(words, DAY.errors()), unit="short", span=7, decimals=0,
                limit=limits.ERRORS_A_DAY, alerts=["AipHighErrorRate"], board=links.FAILURES_OF_THE_DAY),
    ]  # fmt: skip


def _times(words: Words) -> list[Builder[Any]]:
    return [
        numbers(words, "mean", *DAY.compared(words, MEAN), unit="s", span=12, decimals=0,
                limit=limits.MEAN_DURATION_SECONDS),
        numbers(words, "longest", *DAY.compared(words, LONGEST), unit="s", span=12, decimals=0),
    ]  # fmt: skip


def _advice(words: Words) -> Builder[Any]:
    applies = named(
        {
            "0": (words("panels", "advice", "values", "no"), colours.GOOD),
            "1": (words("panels", "advice", "values", "yes"), colours.LOOK),
        }
    )
    asked = {
        "success_rate": f"{DAY.success_rate()} < bool {limits.REPORT_SUCCESS_RATIO.value}",
        "mean": f"{MEAN} > bool {limits.MEAN_DURATION_SECONDS.value}",
        "errors": f"{DAY.errors()} >= bool {limits.ERRORS_A_DAY.value}",
    }
    queries = [Query(expr, words("panels", "advice", "series", name)) for name, expr in asked.items()]
    told = ["AipSuccessRateBelowReportTarget", "AipProcessingDelay", "AipHighErrorRate"]
    return numbers(words, "advice", *queries, unit="short", span=24, mappings=applies, alerts=told)


def _parts(words: Words) -> list[Builder[Any]]:
    runs = once("aip_report_runs", DAY.of())
    priority = total("priority", once("aip_report_runs", DAY.of('outcome!="cancelled"')))
    types = total("error_type", once("aip_report_errors", DAY.of()))
    hours = total("hour, outcome", once("aip_report_hour_runs"))
    padded = f'label_replace({hours}, "hour", "0$1", "hour", "([0-9])")'
    return [
        columns(words, "hours", Query(padded), along="hour", label="outcome", unit="short", span=24),
        ranking(words, "outcomes", Query(f"sort_desc({total('outcome', runs)})", "{{outcome}}"), unit="short",
                colour=colours.NEUTRAL, label="outcome"),
        ranking(words, "priorities", Query(f"sort_desc({priority})", "{{priority}}"), unit="short",
                colour=colours.NEUTRAL, label="priority"),
        ranking(words, "error_types", Query(f"sort_desc({types} > 0.5)", "{{error_type}}"), unit="short",
                colour=colours.ACT, alerts=["AipHighErrorRate"]),
    ]  # fmt: skip

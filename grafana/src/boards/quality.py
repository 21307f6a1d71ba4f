"""Quality: what does the gate refuse, which checks, and do people take what it lets pass?"""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import colours, limits, links
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import areas, bars, lines
from grafana.src.panels.lists import ranking
from grafana.src.panels.numbers import numbers
from grafana.src.queries import OURS, Query, grown, once, total
from grafana.src.words import Words

RESULTS = "aip_quality_gate_results_total"
FINDINGS = "aip_quality_gate_findings_total"
SCORE = "aip_quality_gate_score_ratio"
REVIEW, MERGE = "aip_pull_request_review_seconds", "aip_pull_request_merge_seconds"
CLOSED = "aip_pull_requests_closed_total"
MERGED = 'result="merged"'


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard of the gate and of the reviews."""
    sections = [
        Section("gate", [*_gate(words), *_checks(words)]),
        Section("findings", _findings(words)),
        Section("reviews", [*_verdicts(words), *_reviews(words)]),
    ]
    return build(words, site, sections, span="now-7d", refresh="5m")


def _mean(family: str, window: str) -> str:
    return f"sum({grown(f'{family}_sum', window)}) / (sum({grown(f'{family}_count', window)}) > 0)"


def _gate(words: Words) -> list[Builder[Any]]:
    rejected = f'max(slo_window:aip_bad_events:ratio{{slo="rejections", window="1d", {OURS}}})'
    reached = f"sum({grown('aip_quality_gate_score_ratio_count', '$__range')})"
    return [
        numbers(words, "rejected", Query(rejected), unit="percentunit", span=8, decimals=0,
                limit=limits.REJECTED_RATIO),
        numbers(words, "reached", Query(reached), unit="short", span=8, decimals=0),
        numbers(words, "mean_score", Query(_mean(SCORE, "$__range")), unit="percentunit", span=8, decimals=0,
                limit=limits.GATE_SCORE_RATIO, alerts=["AipQualityGateRejectSpike"]),
    ]  # fmt: skip


def _checks(words: Words) -> list[Builder[Any]]:
    def by_check(result: str) -> Query:
        counted = total("check", grown(RESULTS, "$__range", f'result="{result}"'))
        return Query(f"sort_desc({counted} > 0.5)", "{{check}}")

    score = Query(_mean(SCORE, "$__interval"), words("panels", "score", "series", "score"))
    return [
        lines(words, "score", score, unit="percentunit", limit=limits.GATE_SCORE_RATIO, maximum=1, span=8,
              alerts=["AipQualityGateRejectSpike"]).interval("1h"),
        ranking(words, "failed", by_check("failed"), unit="short", colour=colours.LOOK,
                alerts=["AipQualityGateRejectSpike"], board=links.REJECTIONS),
        ranking(words, "unavailable", by_check("unavailable"), unit="short", colour=colours.LOOK,
                board=links.REJECTIONS),
    ]  # fmt: skip


def _findings(words: Words) -> list[Builder[Any]]:
    states = total("finding_state", grown(FINDINGS, "$__range"))

    def by_check(state: str) -> Query:
        counted = total("check", grown(FINDINGS, "$__range", f'finding_state="{state}"'))
        return Query(f"sort_desc({counted} > 0.5)", "{{check}}")

    return [
        ranking(words, "findings", Query(f"sort_desc({states})", "{{finding_state}}"), unit="short",
                colour=colours.NEUTRAL, label="finding_state"),
        ranking(words, "new", by_check("new"), unit="short", colour=colours.LOOK,
                alerts=["AipQualityGateRejectSpike"]),
        ranking(words, "flaky", by_check("flaky"), unit="short", colour=colours.UNKNOWN),
    ]  # fmt: skip


def _verdicts(words: Words) -> list[Builder[Any]]:
    waiting = once("aip_pull_requests_open", 'review_state=~"none|commented"')
    merged = f"sum({grown(CLOSED, '$__range', MERGED)}) / (sum({grown(CLOSED, '$__range')}) > 0)"
    return [
        numbers(words, "waiting", Query(f"sum({waiting})"), unit="short", span=6, limit=limits.WAITING_REVIEWS),
        numbers(words, "review", Query(_mean(REVIEW, "$__range")), unit="s", span=6, decimals=1),
        numbers(words, "merge", Query(_mean(MERGE, "$__range")), unit="s", span=6, decimals=1),
        numbers(words, "merged", Query(merged), unit="percentunit", span=6, decimals=0),
    ]


def _reviews(words: Words) -> list[Builder[Any]]:
    # In hours: the marks of an axis in seconds would stand at 1.39 and 2.78 hours.
    hours = {name: f"{_mean(family, '$__interval')} / 3600" for name, family in (("review", REVIEW), ("merge", MERGE))}
    queries = [Query(expr, words("panels", "times", "series", name)) for name, expr in hours.items()]
    return [
        areas(words, "open", lambda state: f"sum({once('aip_pull_requests_open', state)})", label="review_state",
              unit="short", alerts=["AipPullRequestReviewBacklog"], span=8),
        bars(words, "closed", lambda result: f"sum({grown(CLOSED, '$__interval', result)})", label="result",
             unit="short", least="6h", span=8),
        lines(words, "times", *queries, unit="h", span=8).interval("1d"),
    ]  # fmt: skip

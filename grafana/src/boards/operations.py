"""Operations: do I have to act, what is being done, what waits, how does it end, is GitHub well?"""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import colours, limits, links
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import areas, bars, lines
from grafana.src.panels.lists import firing, ranking
from grafana.src.panels.numbers import numbers
from grafana.src.panels.parts import named, yes_or_no
from grafana.src.queries import FIRING, FIRING_SINCE, OURS, Query, age, answers, grown, once, rate_limit_left, total
from grafana.src.words import Words

HEARTBEAT = f"{age(f'max(aip_heartbeat_timestamp_seconds{{{OURS}}})')} <= bool {limits.HEARTBEAT_SECONDS.value}"
#: As in the rule AipPollStale; a service that never polled counts from its start.
STARTED = f'process_start_time_seconds{{job="aip-processor", {OURS}}}'
POLLED = f"max(aip_last_poll_success_timestamp_seconds{{{OURS}}} > 0 or {STARTED})"
POLL = f"{age(POLLED)} <= bool 2 * max(aip_poll_interval_seconds{{{OURS}}}) + 120"
EXPORTER = f'min(up{{job="aip-exporter", {OURS}}})'
ERRORS = "aip_errors_total"


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard that an operator looks at first."""
    sections = [
        Section("act", [*_alive(words), *_numbers(words)]),
        Section("now", _now(words)),
        Section("backlog", _backlog(words)),
        Section("outcomes", _outcomes(words)),
        Section("github", _github(words)),
        Section("steering", _steering(words)),
        Section("canary", _canary(words)),
    ]
    return build(words, site, sections)


def _alive(words: Words) -> list[Builder[Any]]:
    nothing = named({"0": (words.shared("values", "alerts", "none"), colours.GOOD)})
    return [
        numbers(words, "act", _count("critical|high"), unit="short", span=5, limit=limits.ALERTS_TO_ACT_ON,
                mappings=nothing, filled=True),
        numbers(words, "look", _count("medium|low"), unit="short", span=5, limit=limits.ALERTS_TO_LOOK_AT,
                mappings=nothing, filled=True),
        numbers(
            words, "alive",
            Query(f"({HEARTBEAT}) or vector(0)", words("panels", "alive", "series", "processor")),
            Query(f"({POLL}) or vector(0)", words("panels", "alive", "series", "polls")),
            Query(f"({EXPORTER}) or vector(0)", words("panels", "alive", "series", "exporter")),
            unit="bool_yes_no", span=9, mappings=yes_or_no(words),
            alerts=["AipProcessorDown", "AipHeartbeatStale", "AipPollStale", "AipExporterDown"],
        ),
        numbers(words, "intake", Query(f"max(aip_paused{{{OURS}}})"), unit="short", span=5,
                alerts=["AipPausedWithBacklog"], mappings=named({
                    "0": (words("panels", "intake", "values", "open"), colours.GOOD),
                    "1": (words("panels", "intake", "values", "paused"), colours.LOOK)})),
    ]  # fmt: skip


def _count(severities: str) -> Query:
    return Query(f'count(max by (alertname, service) (ALERTS{{severity=~"{severities}", {FIRING}}})) or vector(0)')


def _numbers(words: Words) -> list[Builder[Any]]:
    oldest = age(f"min(aip_oldest_queued_issue_timestamp_seconds{{{OURS}}})")
    success = age(f"max(aip_last_success_timestamp_seconds{{{OURS}}})")
    ratio = f'max(aip_recent_failure_ratio{{window_events="20", {OURS}}})'
    return [
        numbers(words, "running", Query(f"sum(aip_active_tasks{{{OURS}}})"), unit="short", span=4),
        numbers(words, "waiting", Query(f"sum({once('aip_queue_issues')})"), unit="short", span=4),
        numbers(words, "oldest", Query(oldest), unit="s", span=4, limit=limits.OLDEST_ISSUE_SECONDS, decimals=0),
        numbers(words, "in_a_row", Query(f"max(aip_consecutive_failures{{{OURS}}})"), unit="short", span=4,
                limit=limits.CONSECUTIVE_FAILURES),
        numbers(words, "recent", Query(ratio), unit="percentunit", span=4, limit=limits.RECENT_FAILURE_RATIO,
                decimals=0, alerts=["AipHighErrorRate"], board="slo"),
        numbers(words, "success", Query(success), unit="s", span=4, decimals=0, alerts=["AipNoSuccessWithBacklog"]),
    ]  # fmt: skip


def _now(words: Words) -> list[Builder[Any]]:
    return [
        firing(words, "firing", Query(FIRING_SINCE)),
        lines(
            words, "places",
            Query(f"sum(aip_active_tasks{{{OURS}}})", words("panels", "places", "series", "running")),
            Query(f"sum(aip_max_parallel_tasks{{{OURS}}})", words("panels", "places", "series", "places")),
            Query(f"sum(aip_agent_processes{{{OURS}}})", words("panels", "places", "series", "processes")),
            unit="short", alerts=["AipWorkersSaturated"],
        ),
    ]  # fmt: skip


def _backlog(words: Words) -> list[Builder[Any]]:
    oldest = age(f"min(aip_oldest_queued_issue_timestamp_seconds{{{OURS}}})")
    name = words("panels", "oldest_over_time", "series", "oldest")
    return [
        areas(
            words, "by_priority", lambda one: f"sum({once('aip_queue_issues', one)})", label="priority", unit="short"
        ),
        lines(words, "oldest_over_time", Query(oldest, name), unit="s", limit=limits.OLDEST_ISSUE_SECONDS),
    ]


def _outcomes(words: Words) -> list[Builder[Any]]:
    ratio = Query(f'max(aip_recent_failure_ratio{{window_events="20", {OURS}}})', words("panels", "recent", "title"))
    types = Query(f"sort_desc({total('error_type', grown(ERRORS, '$__range'))} > 0.5)", "{{error_type}}")
    phases = Query(f"sort_desc({total('phase', grown(ERRORS, '$__range'))} > 0.5)", "{{phase}}")
    return [
        bars(
            words,
            "ended",
            lambda one: f"sum({grown('aip_runs_total', '$__interval', one)})",
            label="outcome",
            unit="short",
            least="5m",
        ),
        lines(words, "recent_over_time", ratio, unit="percentunit", limit=limits.RECENT_FAILURE_RATIO, maximum=1),
        ranking(words, "error_types", types, unit="short", colour=colours.ACT, span=12, alerts=["AipHighErrorRate"],
                board=links.FAILURES),
        ranking(words, "error_phases", phases, unit="short", colour=colours.ACT, label="phase", span=12,
                board=links.FAILURES),
        _durations(words),
    ]  # fmt: skip


def _durations(words: Words) -> Builder[Any]:
    """Draw how long runs take, with a dot for single ones."""

    def grew(part: str) -> str:
        return grown(f"aip_run_duration_seconds_{part}", "$__interval")

    ended = f"sum({grew('count')}) > 0"
    mean = f"sum({grew('sum')}) / ({ended})"
    most = f"histogram_quantile(0.95, {total('le', grew('bucket'))}) and {ended}"
    return lines(
        words, "durations",
        Query(mean, words("panels", "durations", "series", "mean")),
        Query(most, words("panels", "durations", "series", "most"), exemplars=True),
        unit="suffix: s", span=24, limit=limits.MEAN_DURATION_SECONDS, board="explorer",
    ).interval("15m").decimals(0)  # fmt: skip


def _github(words: Words) -> list[Builder[Any]]:
    return [
        lines(words, "github_left", Query(rate_limit_left(), "{{resource}}"), unit="percentunit",
              limit=limits.GITHUB_LEFT_RATIO, maximum=1, board="resources"),
        areas(words, "github_answers", answers, label="code", unit="short",
              alerts=["AipGithubAuthFailing"]),
    ]  # fmt: skip


def _steering(words: Words) -> list[Builder[Any]]:
    """Show how much is started, and which settings differ from their files."""
    ends = f"max by (setting) (aip_config_override_expiry_timestamp_seconds{{{OURS}}})"
    reloads = Query(f"min(aip_config_last_reload_successful{{{OURS}}})")
    return [
        areas(words, "levels", lambda one: f"sum(aip_capacity_level{{{one}, {OURS}}})", label="level", unit="short"),
        ranking(words, "overrides", Query(f"sort_desc({ends} - time() > 0)", "{{setting}}"), unit="s",
                colour=colours.UNKNOWN, alerts=["AipConfigOverrideActive", "AipConfigOverrideEnding"]),
        numbers(words, "settings", reloads, unit="bool_yes_no", span=4, height=8, mappings=yes_or_no(words),
                alerts=["AipConfigReloadFailed"]),
    ]  # fmt: skip


def _canary(words: Words) -> list[Builder[Any]]:
    """Show whether an issue of our own goes the whole way."""

    def rounds(one: str) -> str:
        return f"sum({grown('aip_canary_runs_total', '$__interval', one.removeprefix('canary_'))})"

    success = age(f"max(aip_canary_last_success_timestamp_seconds{{{OURS}}})")
    return [
        numbers(words, "canary", Query(f"max(aip_canary_consecutive_failures{{{OURS}}})"), unit="short", span=6,
                height=8, limit=limits.CANARY_FAILURES),
        numbers(words, "canary_success", Query(success), unit="s", span=6, height=8, decimals=0,
                alerts=["AipCanarySilent"]),
        bars(words, "canary_rounds", rounds, label="canary_result", unit="short", least="4h"),
    ]  # fmt: skip

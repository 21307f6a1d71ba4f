"""SLO: are the objectives kept, how much of the error budget is left, and how near are the alerts?"""

from typing import Any

from grafana_foundation_sdk.builders import stat
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard, DynamicConfigValue

from grafana.src import limits, links
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import lines
from grafana.src.panels.numbers import numbers
from grafana.src.queries import OURS, Query
from grafana.src.words import Words

#: As in prometheus/rules/success.yml and latency.yml: the name, its window, how many budgets its lower bound may reach.
ALERTS = {"Fast": ("6h", 2), "Slow": ("1d", 1), "Ticket": ("3d", 1)}


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard of the objectives; the worst installation counts when several are chosen."""
    sections = [Section(slo, _objective(words, slo)) for slo in limits.BURN]
    return build(words, site, sections, span="now-7d", refresh="1m")


def _objective(words: Words, slo: str) -> list[Builder[Any]]:
    slow = limits.BURN[slo]["Slow"]
    others = [alert for alert in _alerts(slo) if alert != slow.alert]
    return [
        numbers(words, f"{slo}_ratio", Query(_good(slo)), unit="percentunit", span=5, decimals=1),
        numbers(words, f"{slo}_objective", *_objectives(words, slo), unit="percentunit", span=4, decimals=0),
        numbers(words, f"{slo}_left", Query(_left(slo)), unit="percentunit", span=5, limit=limits.BUDGET_LEFT_RATIO,
                decimals=0),
        _nearness(words, slo),
        lines(words, f"{slo}_burn", Query(_burn(slo), "{{window}}"), unit="suffix:×", limit=slow, alerts=others),
        lines(
            words, f"{slo}_events",
            Query(f"sum({_of('slo_window:aip_events:increase', slo, '1d')})", words.shared("series", "events")),
            Query(f"sum({_of('slo_window:aip_bad_events:increase', slo, '1d')})", words.shared("series", "missed")),
            unit="short",
        ),
    ]  # fmt: skip


def _of(recorded: str, slo: str, window: str = "") -> str:
    conditions = [f'slo="{slo}"', *([f'window="{window}"'] if window else []), OURS]
    return f"{recorded}{{{', '.join(conditions)}}}"


def _budget(slo: str) -> str:
    return f"max by (service) ({_of('slo:aip_error_budget:ratio', slo)})"


def _objectives(words: Words, slo: str) -> list[Query]:
    return [Query(f"max({_of('aip_slo_objective_ratio', slo)})", words.shared("series", "objective"))]


def _good(slo: str) -> str:
    return f"1 - max({_of('slo_window:aip_bad_events:ratio', slo, '30d')})"


def _left(slo: str) -> str:
    used = f"max by (service) ({_of('slo_window:aip_bad_events:ratio', slo, '30d')}) / ({_budget(slo)} > 0)"
    return f"1 - max({used})"


def _burn(slo: str) -> str:
    ratio = f'slo_window:aip_bad_events:ratio{{slo="{slo}", window=~"6h|1d|3d", {OURS}}}'
    return f"max by (window) (max by (service, window) ({ratio}) / on (service) group_left () ({_budget(slo)} > 0))"


def _alerts(slo: str) -> list[str]:
    return [limit.alert for limit in limits.BURN[slo].values() if limit.alert]


def _nearness(words: Words, slo: str) -> stat.Panel:
    """Show how much of each alert's limit is reached; its colour and its link are those of that alert."""
    names = {name: words.shared("series", name.lower()) for name in ALERTS}
    queries = [Query(_reached(slo, *of), names[name]) for name, of in ALERTS.items()]
    panel = numbers(words, f"{slo}_alerts", *queries, unit="percentunit", span=10, decimals=0, alerts=_alerts(slo))
    for name, limit in limits.BURN[slo].items():
        panel = panel.override_by_name(names[name], [
            DynamicConfigValue("thresholds", limit.steps().build()),
            DynamicConfigValue("links", [links.to_runbook(words, str(limit.alert)).build()]),
        ])  # fmt: skip
    return panel


def _reached(slo: str, window: str, budgets: int) -> str:
    bound = f"max by (service) ({_of('slo_window:aip_bad_events:lower_bound', slo, window)})"
    return f"max({bound} / ({budgets} * {_budget(slo)} > 0))"

"""Checklists: what did the daily and the weekly list find, since when, and does somebody see to it?"""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import limits
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import lines
from grafana.src.panels.histories import history
from grafana.src.panels.numbers import numbers
from grafana.src.queries import OURS, Query, age, once
from grafana.src.words import Words
from processor.checklists.items import items_of
from processor.checklists.words import Words as ItemWords
from processor.model import Checklist, ItemStatus

STATUS = "aip_checklist_item_status"
ALERTS = "aip_security_alerts_open"


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard of the checklists and of GitHub's security alerts."""
    sections = [
        Section("now", _now(words)),
        Section("daily", [_history(words, Checklist.DAILY)]),
        Section("weekly", [_history(words, Checklist.WEEKLY)]),
        Section("security", _security(words)),
    ]
    return build(words, site, sections, span="now-30d", refresh="5m", noted_every="15m")


def _now(words: Words) -> list[Builder[Any]]:
    def those(status: ItemStatus) -> Query:
        return Query(f"sum({once(STATUS)} == bool {status.number})")

    unsigned = f"max by (service) ({age(once('aip_checklist_unsigned_failure_timestamp_seconds'))})"
    last = f"max by (checklist) ({age(once('aip_checklist_last_run_timestamp_seconds'))})"
    return [
        numbers(words, "failed", those(ItemStatus.FAILED), unit="short", span=4, limit=limits.FAILED_ITEMS,
                alerts=["AipChecklistItemFailed"]),
        numbers(words, "attention", those(ItemStatus.ATTENTION), unit="short", span=4),
        numbers(words, "unknown", those(ItemStatus.UNKNOWN), unit="short", span=4),
        numbers(words, "unsigned", Query(f"max({unsigned}) or vector(0)"), unit="s", span=4, decimals=1,
                limit=limits.UNSIGNED_SECONDS),
        numbers(words, "overdue", Query(f"max(aip_checklist_overdue_seconds{{{OURS}}})"), unit="s", span=4, decimals=1,
                limit=limits.OVERDUE_SECONDS),
        numbers(words, "last_run", Query(f"min({last})"), unit="s", span=4, decimals=1),
    ]  # fmt: skip


def _history(words: Words, checklist: Checklist) -> Builder[Any]:
    titles = ItemWords("ja" if words.language == "ja" else "en")
    names = {item.name: titles("items", item.name, "title") for item in items_of(checklist)}

    def status(item: str) -> str:
        return f"""max({once(STATUS, f'checklist="{checklist}", item="{item}"')})"""

    # A query each, since one for all of them comes in the order of the alphabet and not of the list.
    queries = [Query(status(item), item) for item in names]
    return history(words, checklist, queries, states="item_status", names=names, height=14)


def _security(words: Words) -> list[Builder[Any]]:
    rated = f"""sum({once(ALERTS, 'severity=~"critical|high"')})"""
    secrets = f"""sum({once(ALERTS, 'kind="secret_scanning"')})"""
    grave = f"{rated} + ({secrets} or vector(0))"
    by_kind = f"sum by (kind) ({once(ALERTS)})"
    by_severity = f"sum by (severity) ({once(ALERTS)})"
    return [
        numbers(
            words,
            "grave",
            Query(grave),
            unit="short",
            span=6,
            height=8,
            limit=limits.GRAVE_SECURITY_ALERTS,
            alerts=["AipChecklistItemFailed"],
        ),
        lines(words, "kinds", Query(by_kind, "{{kind}}"), unit="short", span=9),
        lines(words, "severities", Query(by_severity, "{{severity}}"), unit="short", span=9),
    ]

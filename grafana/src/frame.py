"""What every dashboard has around its panels: address, time, variables, links and annotations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import (
    Dashboard,
    DashboardCursorSync,
    VariableHide,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from grafana.src import colours, links
from grafana.src.queries import FIRING_TO_ACT_ON, OURS
from grafana.src.words import Words

DATA_SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
#: The uid in grafana/provisioning; a dashboard opens with it.
PROVISIONED = "aip-prometheus"


@dataclass(frozen=True)
class Site:
    """What differs from place to place; the committed files have the defaults of the settings and of prometheus.yml."""

    timezone: str = "Asia/Tokyo"
    prometheus_url: str = "http://localhost:9090"


@dataclass(frozen=True)
class Section:
    """Panels under a heading; `key` is its text."""

    key: str
    panels: Iterable[Builder[Any]]


def build(
    words: Words,
    site: Site,
    sections: Iterable[Section],
    *,
    span: str = "now-6h",
    refresh: str = "30s",
    noted_every: str = "60s",
    source: DataSourceRef = DATA_SOURCE,
    variables: Iterable[Builder[Any]] = (),
) -> Dashboard:
    """Put the sections one under the other, panels from left to right.

    Annotations are looked for every `noted_every`; over a longer time Grafana widens the step to one look a pixel, and
    never asks Prometheus for more than the 11,000 points that it answers. Its main branch took the step as it is in
    January 2026, so the time that a board opens with has no more steps either.

    Source: https://github.com/grafana/grafana/blob/main/pkg/promlib/models/query.go (calculatePrometheusInterval)
    Source: https://github.com/grafana/grafana/pull/116959 (the step is a least one again)
    A board of another `source` has variables of its own; the service, which means nothing there, is only kept.
    """
    board = builders.Dashboard(words("title")).uid(words.uid(words.board)).description(words("description"))
    board = board.tags(["aip", links.tag(words)]).readonly().tooltip(DashboardCursorSync.CROSSHAIR)
    board = board.timezone(site.timezone).week_start("monday").time(span, "now").refresh(refresh)
    board = (
        board.variables([*_variables(words, site, is_service_shown=source is DATA_SOURCE), *variables])
        .annotations(_annotations(words, noted_every))
        .links([links.to_all(words), links.to_other_language(words)])
    )
    number = 0
    for section in sections:
        number += 1
        board = board.with_row(builders.Row(words("sections", section.key)).id(number))
        for panel in section.panels:
            number += 1
            board = board.with_panel(panel.id(number).datasource(source))  # type: ignore[attr-defined]
    return board.build()


def _variables(words: Words, site: Site, *, is_service_shown: bool) -> list[Builder[Any]]:
    source = builders.DatasourceVariable("datasource").label(words.shared("variables", "datasource")).type("prometheus")
    service = builders.QueryVariable("service").label(words.shared("variables", "service")).datasource(DATA_SOURCE)
    query = 'label_values(up{job=~"aip-.+"}, service)'
    every = VariableOption(selected=True, text=words.shared("variables", "all"), value="$__all")
    service = service.query({"query": query, "refId": "service"}).definition(query).current(every)
    service = service.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(VariableSort.ALPHABETICAL_ASC)
    if not is_service_shown:
        service = service.hide(VariableHide.HIDE_VARIABLE)
    address = builders.TextBoxVariable("prometheus_url").label("Prometheus").default_value(site.prometheus_url)
    address = address.current(VariableOption(text=site.prometheus_url, value=site.prometheus_url))
    return [
        source.current(VariableOption(text="Prometheus", value=PROVISIONED)),
        service.include_all(True).multi(True).all_value(".+"),
        address.hide(VariableHide.HIDE_VARIABLE),
    ]


def _annotations(words: Words, every: str) -> list[Builder[Any]]:
    alerts = builders.AnnotationQuery().name(words.shared("annotations", "alerts")).icon_color(colours.ACT)
    alerts = alerts.expr(f"max by (alertname, severity) ({_since_the_last_look(f'ALERTS{{{FIRING_TO_ACT_ON}}}')})")
    alerts = alerts.title_format("{{alertname}}")
    started = builders.AnnotationQuery().name(words.shared("annotations", "starts")).icon_color(colours.STARTED)
    moments = f'process_start_time_seconds{{job=~"aip-.+", {OURS}}} * 1000'
    version = f'max by (job, instance, version) (aip_build_info{{job=~"aip-.+", {OURS}}})'
    started = started.expr(f"{moments} * on (job, instance) group_left (version) {version}")
    started = started.title_format("{{job}} {{version}}").text_format("{{instance}}").use_value_for_time(True)
    changed = builders.AnnotationQuery().name(words.shared("annotations", "changes")).icon_color(colours.UNKNOWN)
    overrides = f"aip_config_override_expiry_timestamp_seconds{{{OURS}}}"
    changed = changed.expr(f"max by (setting) ({_since_the_last_look(overrides)})")
    reloaded = builders.AnnotationQuery().name(words.shared("annotations", "reloads")).icon_color(colours.UNKNOWN)
    # The start itself counts as the first reload; it has a mark of its own.
    reload_at = f"aip_config_last_reload_success_timestamp_seconds{{{OURS}}}"
    reloaded = reloaded.expr(f'({reload_at} > process_start_time_seconds{{job="aip-processor", {OURS}}} + 60) * 1000')
    reloaded = reloaded.title_format("{{instance}}").use_value_for_time(True)
    moved = builders.AnnotationQuery().name(words.shared("annotations", "moved")).icon_color(colours.UNKNOWN)
    moved = moved.expr(f"max(aip_ledger_totals_moved_timestamp_seconds{{{OURS}}}) * 1000").use_value_for_time(True)
    return [
        alerts.text_format("{{severity}}").step(every).datasource(DATA_SOURCE).enable(True),
        started.step(every).datasource(DATA_SOURCE).enable(True),
        reloaded.step(every).datasource(DATA_SOURCE).enable(True),
        changed.title_format("{{setting}}").step(every).datasource(DATA_SOURCE).enable(True),
        moved.title_format(words.shared("annotations", "moved")).step(every).datasource(DATA_SOURCE).enable(True),
    ]


def _since_the_last_look(selector: str) -> str:
    """Have what was shorter than a step seen too; of four weeks, Grafana looks at two moments an hour."""
    return f"max_over_time({selector}[$__interval]) or {selector}"

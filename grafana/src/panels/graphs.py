"""Values over time: lines for a state, stacked areas for parts of a whole, bars for what was counted."""

from collections.abc import Callable, Iterable

from grafana_foundation_sdk.builders import common, timeseries
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models.common import (
    GraphDrawStyle,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
)
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue, FieldColorModeId

from grafana.src import colours
from grafana.src.limits import Limit, plain
from grafana.src.panels.parts import closed_set, dress, letters, range_target
from grafana.src.queries import Query
from grafana.src.words import Words


def lines(
    words: Words,
    key: str,
    *queries: Query,
    unit: str,
    span: int = 12,
    limit: Limit | None = None,
    alerts: Iterable[str] = (),
    maximum: float | None = None,
    board: str | None = None,
) -> timeseries.Panel:
    """Draw lines, and the threshold of the alert as a dashed line."""
    told = [*([limit.alert] if limit and limit.alert else []), *alerts]
    panel = _graph(dress(timeseries.Panel(), words, key, alerts=told, board=board), queries).unit(unit).span(span)
    panel = _in_shades(panel, queries).thresholds(limit.line() if limit else plain(colours.NEUTRAL))
    if limit:
        dashed = common.GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED)
        panel = panel.thresholds_style(dashed).axis_soft_max(0 if limit.below else limit.value)
    elif unit == "short":
        panel = panel.axis_soft_max(1)
    return panel.max(maximum) if maximum is not None else panel


def areas(
    words: Words,
    key: str,
    of: Callable[[str], str],
    *,
    label: str,
    unit: str,
    span: int = 12,
    alerts: Iterable[str] = (),
) -> timeseries.Panel:
    """Stack the values of a closed set of labels in their order; `of` gives the expression for one `label="value"`."""
    queries = [Query(of(f'{label}="{value}"'), value) for value in colours.OF[label]]
    panel = _graph(dress(timeseries.Panel(), words, key, alerts=alerts), queries).unit(unit).span(span)
    panel = (
        panel.fill_opacity(70)
        .line_width(0)
        .axis_soft_max(1)
        .stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    )
    return closed_set(panel.thresholds(plain(colours.NEUTRAL)), words, label)


def bars(
    words: Words, key: str, of: Callable[[str], str], *, label: str, unit: str, span: int = 12, least: str = "15m"
) -> timeseries.Panel:
    """Stack what was counted in each interval, which is `least` long or longer where the graph is narrow."""
    panel = areas(words, key, of, label=label, unit=unit, span=span).interval(least)
    return panel.draw_style(GraphDrawStyle.BARS).fill_opacity(90).decimals(0)


def _in_shades(panel: timeseries.Panel, queries: Iterable[Query]) -> timeseries.Panel:
    """Colour lines that are neither good nor bad: known ones as everywhere, others in shades of blue."""
    panel = panel.color_scheme(builders.FieldColor().mode(FieldColorModeId.SHADES).fixed_color(colours.NEUTRAL))
    for query, shade in zip(queries, colours.SHADES, strict=False):
        known = colours.OF.get(query.legend.strip("{}"), {}) if "{{" in query.legend else {query.legend: shade}
        for name, colour in known.items():
            fixed = DynamicConfigValue("color", {"mode": "fixed", "fixedColor": colour})
            panel = panel.override_by_name(name, [fixed])
    return panel


def _graph(panel: timeseries.Panel, queries: Iterable[Query]) -> timeseries.Panel:
    for query, letter in letters(queries):
        panel = panel.with_target(range_target(query, letter))
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    if any("{{" in query.legend for query in queries):  # the last value tells shades of one colour apart
        legend = legend.calcs(["lastNotNull"])
    tooltip = common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING)
    panel = panel.legend(legend.show_legend(True)).tooltip(tooltip).height(8).min(0)
    return panel.line_width(2).fill_opacity(8).show_points(VisibilityMode.NEVER).span_nulls(False)

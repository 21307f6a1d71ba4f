"""Columns side by side for the parts of a closed period, such as its hours."""

from collections.abc import Mapping

from grafana_foundation_sdk.builders import barchart, common
from grafana_foundation_sdk.models.common import (
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
)
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue

from grafana.src import colours
from grafana.src.limits import plain
from grafana.src.panels.parts import closed_set, dress, instant_target, named
from grafana.src.queries import Query
from grafana.src.words import Words


def columns(
    words: Words,
    key: str,
    query: Query,
    *,
    along: str,
    label: str,
    unit: str,
    span: int,
    names: Mapping[str, str] | None = None,
    is_reversed: bool = False,
) -> barchart.Panel:
    """Draw a column for each value of `along`, in the order of its text, stacked by the closed set `label`.

    `names` says what stands under a column instead of its value.
    """
    panel = dress(barchart.Panel(), words, key).unit(unit).span(span).height(9).min(0).decimals(0)
    panel = panel.with_target(instant_target(query, "A", table=True)).thresholds(plain(colours.NEUTRAL))
    sort = {"sort": [{"field": along, "desc": is_reversed}]}
    matrix = {"rowField": along, "columnField": label, "valueField": "Value"}
    panel = panel.with_transformation(DataTransformerConfig("sortBy", options=sort))
    panel = panel.with_transformation(DataTransformerConfig("groupingToMatrix", options=matrix))
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    panel = panel.legend(legend.show_legend(True)).tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
    panel = panel.stacking(StackingMode.NORMAL).show_value(VisibilityMode.NEVER).fill_opacity(90).line_width(0)
    field = f"{along}\\{label}"
    if names:
        shown = named({value: (name, colours.PLAIN) for value, name in names.items()})
        panel = panel.override_by_name(field, [DynamicConfigValue("mappings", shown)])
    return closed_set(panel.x_field(field), words, label)

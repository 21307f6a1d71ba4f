"""What things were over time, a row each: a state is a colour, and as long as it lasted."""

from collections.abc import Iterable, Mapping

from grafana_foundation_sdk.builders import common, statetimeline
from grafana_foundation_sdk.models.common import (
    LegendDisplayMode,
    LegendPlacement,
    TooltipDisplayMode,
    VisibilityMode,
)
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue

from grafana.src import colours
from grafana.src.limits import plain
from grafana.src.panels.parts import dress, letters, named, range_target
from grafana.src.queries import Query
from grafana.src.words import Words


def history(
    words: Words,
    key: str,
    queries: Iterable[Query],
    *,
    states: str,
    names: Mapping[str, str],
    height: int,
    span: int = 24,
) -> statetimeline.Panel:
    """Draw a row for each query in their order, in the colours of a closed set of states; `names` are those shown."""
    panel = dress(statetimeline.Panel(), words, key).unit("string").span(span).height(height)
    for query, letter in letters(queries):
        panel = panel.with_target(range_target(query, letter))
    panel = panel.thresholds(plain(colours.UNKNOWN))
    texts = {value: (words.shared("values", states, value), colour) for value, colour in colours.OF[states].items()}
    panel = panel.mappings(named(texts)).merge_values(True).show_value(VisibilityMode.NEVER).row_height(0.8)
    for name, shown in names.items():
        panel = panel.override_by_name(name, [DynamicConfigValue("displayName", shown)])
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    tooltip = common.VizTooltipOptions().mode(TooltipDisplayMode.SINGLE)
    return panel.legend(legend.show_legend(True)).tooltip(tooltip)

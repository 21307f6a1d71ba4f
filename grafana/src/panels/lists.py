"""Lists to read: the alerts that fire, and bars side by side for shares of a sum."""

from collections.abc import Iterable

from grafana_foundation_sdk.builders import bargauge, common, table
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BarGaugeNamePlacement,
    BarGaugeValueMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue, ValueMapping

from grafana.src import colours, links
from grafana.src.limits import plain
from grafana.src.panels.parts import closed_set, dress, instant_target, named
from grafana.src.queries import Query
from grafana.src.words import Words


def ranking(
    words: Words,
    key: str,
    query: Query,
    *,
    unit: str,
    colour: str,
    label: str | None = None,
    span: int = 8,
    alerts: Iterable[str] = (),
    board: str | None = None,
) -> bargauge.Panel:
    """Draw a bar for each value, the largest first; the bars show shares, not whether it is much."""
    panel = (
        dress(bargauge.Panel(), words, key, alerts=alerts, board=board)
        .unit(unit)
        .span(span)
        .height(8)
        .min(0)
        .decimals(0)
    )
    panel = panel.with_target(instant_target(query, "A")).thresholds(plain(colour))
    panel = panel.display_mode(BarGaugeDisplayMode.BASIC).orientation(VizOrientation.HORIZONTAL)
    panel = panel.value_mode(BarGaugeValueMode.TEXT).show_unfilled(True).name_placement(BarGaugeNamePlacement.LEFT)
    panel = panel.text(common.VizTextDisplayOptions().title_size(12).value_size(18)).max_viz_height(40)
    panel = panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    return closed_set(panel, words, label) if label else panel


def rows(
    words: Words, key: str, query: Query, *, columns: tuple[str, ...], unit: str, span: int = 12, height: int = 8
) -> table.Panel:
    """List series as rows with some of their labels and their value, which has `unit`."""
    panel = dress(table.Panel(), words, key).unit("string").span(span).height(height)
    panel = panel.with_target(instant_target(query, "A", table=True)).thresholds(plain(colours.PLAIN))
    order = {name: index for index, name in enumerate((*columns, "Value"))}
    names = {name: words("panels", key, "columns", name) for name in order}
    keep = {"include": {"names": list(order)}}
    panel = panel.with_transformation(DataTransformerConfig("filterFieldsByName", options=keep))
    panel = panel.with_transformation(
        DataTransformerConfig("organize", options={"indexByName": order, "renameByName": names})
    )
    return panel.override_by_name(names["Value"], [DynamicConfigValue("unit", unit)])


def firing(words: Words, key: str, query: Query, *, span: int = 12) -> table.Panel:
    """List alerts: a click on a name opens its runbook."""
    panel = rows(words, key, query, columns=("alertname", "severity"), unit="dateTimeFromNow", span=span)
    runbook = {"title": words.shared("links", "runbook"), "targetBlank": True,
               "url": f"{links.RUNBOOKS}/${{__value.raw}}.html"}  # fmt: skip
    panel = panel.override_by_name(
        words("panels", key, "columns", "alertname"),
        [DynamicConfigValue("links", [runbook]), DynamicConfigValue("custom.width", 280)],
    )
    return panel.override_by_name(
        words("panels", key, "columns", "severity"),
        [
            DynamicConfigValue("mappings", _severities(words)),
            DynamicConfigValue("custom.cellOptions", {"type": "color-text"}),
            DynamicConfigValue("custom.width", 110),
        ],
    )


def _severities(words: Words) -> list[ValueMapping]:
    return named(
        {value: (words.shared("values", "severity", value), colour) for value, colour in colours.OF["severity"].items()}
    )

"""Lists to read: the alerts that fire, and bars side by side for shares of a sum."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import bargauge, common, table
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BarGaugeNamePlacement,
    BarGaugeValueMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue, ValueMapping

from grafana.src import colours, links
from grafana.src.limits import Limit, plain
from grafana.src.panels.parts import closed_set, dress, instant_target, letters, named
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


@dataclass(frozen=True)
class Column:
    """A column of a table: its key in the texts, what it shows for each value of the common label, and its unit."""

    key: str
    expr: str
    unit: str
    decimals: int = 0
    limit: Limit | None = None


def matrix(words: Words, key: str, columns: Sequence[Column], *, by: str, height: int, span: int = 24) -> table.Panel:
    """Show a row for each value of the label `by`, in its order and without showing it, and a column for each query."""
    told = [column.limit.alert for column in columns if column.limit and column.limit.alert]
    panel = dress(table.Panel(), words, key, alerts=told).unit("string").span(span).height(height)
    panel = panel.thresholds(plain(colours.PLAIN)).min_width(60)
    for query, letter in letters([Query(column.expr) for column in columns]):
        panel = panel.with_target(instant_target(query, letter, table=True))
    values = {f"Value #{letter}": column for column, letter in letters(columns)}
    names = {value: words("panels", key, "columns", column.key) for value, column in values.items()}
    order = {name: index for index, name in enumerate(values)}
    for kind, options in (
        ("merge", {}),
        ("sortBy", {"sort": [{"field": by}]}),
        ("organize", {"excludeByName": {"Time": True, by: True}, "indexByName": order, "renameByName": names}),
    ):
        panel = panel.with_transformation(DataTransformerConfig(kind, options=options))
    for value, column in values.items():
        panel = panel.override_by_name(names[value], _look(column))
    return panel


def _look(column: Column) -> list[DynamicConfigValue]:
    look = [DynamicConfigValue("unit", column.unit), DynamicConfigValue("decimals", column.decimals)]
    if column.limit is not None:
        look += [
            DynamicConfigValue("thresholds", column.limit.steps().build()),
            DynamicConfigValue("custom.cellOptions", {"type": "color-text"}),
        ]
    return look


def firing(words: Words, key: str, query: Query, *, span: int = 12) -> table.Panel:
    """List alerts: a click on a name opens its runbook."""
    panel = rows(words, key, query, columns=("alertname", "severity"), unit="dateTimeFromNow", span=span)
    runbook = {"title": words.shared("links", "runbook"), "targetBlank": True,
               "url": f"{links.runbooks(words)}/${{__value.raw}}.html"}  # fmt: skip
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

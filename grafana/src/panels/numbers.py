"""One or a few large numbers, read from afar: the state now, with the colour that says whether to act."""

from collections.abc import Iterable

from grafana_foundation_sdk.builders import common, stat
from grafana_foundation_sdk.models.common import BigValueColorMode, BigValueGraphMode, BigValueTextMode, VizOrientation
from grafana_foundation_sdk.models.dashboard import ValueMapping

from grafana.src import colours, links
from grafana.src.limits import Limit, plain
from grafana.src.panels.parts import dress, instant_target, letters
from grafana.src.queries import Query
from grafana.src.words import Words


def numbers(
    words: Words,
    key: str,
    *queries: Query,
    unit: str,
    span: int,
    height: int = 4,
    limit: Limit | None = None,
    alerts: Iterable[str] = (),
    mappings: Iterable[ValueMapping] = (),
    filled: bool = False,
    decimals: int | None = None,
    board: str | None = None,
) -> stat.Panel:
    """Make a panel of numbers; a click on one opens the runbook of its alert.

    `filled` colours the whole panel: only for what asks for action.
    """
    told = [*([limit.alert] if limit and limit.alert else []), *alerts]
    panel = dress(stat.Panel(), words, key, alerts=told, board=board).unit(unit).span(span).height(height)
    for query, letter in letters(queries):
        panel = panel.with_target(instant_target(query, letter))
    panel = panel.thresholds(limit.steps() if limit else plain(colours.PLAIN)).mappings(list(mappings))
    panel = panel.color_mode(BigValueColorMode.BACKGROUND_SOLID if filled else BigValueColorMode.VALUE)
    panel = panel.graph_mode(BigValueGraphMode.NONE).orientation(VizOrientation.VERTICAL).wide_layout(False)
    panel = panel.text_mode(BigValueTextMode.VALUE_AND_NAME if len(queries) > 1 else BigValueTextMode.VALUE)
    panel = panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    if decimals is not None:
        panel = panel.decimals(decimals)
    return panel.data_links([links.to_runbook(words, alert) for alert in told[:1]])

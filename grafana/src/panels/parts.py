"""What panels of every kind take: texts, targets, links, and the colours and names of closed sets of labels."""

from collections.abc import Iterable
from string import ascii_uppercase
from typing import Any, TypeVar

from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.models.dashboard import (
    DynamicConfigValue,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from grafana.src import colours, links
from grafana.src.frame import DATA_SOURCE
from grafana.src.queries import Query
from grafana.src.words import Words

AnyPanel = TypeVar("AnyPanel", bound=Any)
Item = TypeVar("Item")


def dress(panel: AnyPanel, words: Words, key: str, *, alerts: Iterable[str] = (), board: str | None = None) -> AnyPanel:
    """Give a panel its texts, and its links: the dashboard with more about it, and the runbooks of its alerts."""
    panel = panel.title(words("panels", key, "title")).description(words("panels", key, "description"))
    panel = panel.no_value(words("panels", key, "no_value"))
    led = [links.to_board(words, board)] if board else []
    return panel.links([*led, *(links.to_runbook(words, alert) for alert in alerts)])  # type: ignore[no-any-return]


def range_target(query: Query, letter: str) -> prometheus.Dataquery:
    """Ask for the values over the time of the dashboard."""
    target = prometheus.Dataquery().ref_id(letter).datasource(DATA_SOURCE).expr(query.expr)
    target = target.legend_format(query.legend).range()
    return target.exemplar(True) if query.exemplars else target


def instant_target(query: Query, letter: str, *, table: bool = False) -> prometheus.Dataquery:
    """Ask for the values at the end of the time of the dashboard."""
    target = prometheus.Dataquery().ref_id(letter).datasource(DATA_SOURCE).expr(query.expr).instant()
    shape = PromQueryFormat.TABLE if table else PromQueryFormat.TIME_SERIES
    return target.legend_format(query.legend).format(shape)


def letters(queries: Iterable[Item]) -> Iterable[tuple[Item, str]]:
    """Name the queries A, B, C."""
    return zip(queries, ascii_uppercase, strict=False)


def closed_set(panel: AnyPanel, words: Words, label: str) -> AnyPanel:
    """Give each value of a label its name in the language and the colour that means it everywhere."""
    for value, colour in colours.OF[label].items():
        properties = [
            DynamicConfigValue("displayName", words.shared("values", label, value)),
            DynamicConfigValue("color", {"mode": "fixed", "fixedColor": colour}),
        ]
        panel = panel.override_by_name(value, properties)
    return panel


def yes_or_no(words: Words) -> list[ValueMapping]:
    """Show 1 as a green yes and 0 as a red no."""
    return [
        ValueMap(
            options={
                "1": ValueMappingResult(text=words.shared("values", "truth", "yes"), color=colours.GOOD, index=0),
                "0": ValueMappingResult(text=words.shared("values", "truth", "no"), color=colours.ACT, index=1),
            }
        )
    ]


def named(texts: dict[str, tuple[str, str]]) -> list[ValueMapping]:
    """Show values as words: value → (text, colour)."""
    options = {
        value: ValueMappingResult(text=text, color=colour, index=index)
        for index, (value, (text, colour)) in enumerate(texts.items())
    }
    return [ValueMap(options=options)]

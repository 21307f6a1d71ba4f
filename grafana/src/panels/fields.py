"""How a column of the ledger is shown: its heading, unit, width, the words and colours of its codes, where it leads."""

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.models.dashboard import DynamicConfigValue, ValueMapping

from grafana.src import colours, links
from grafana.src.ledger import FILTERS, GITHUB
from grafana.src.panels.parts import named
from grafana.src.words import Words

NOTHING = "–"


@dataclass(frozen=True)
class Field:
    """A kind of column: its unit, its width in pixels (None takes what room there is), its digits after the point."""

    unit: str = "string"
    width: int | None = None
    decimals: int | None = None


_MOMENT, _SPAN, _DOLLARS, _COUNT = (
    Field("dateTimeAsIso", 165),
    Field("s", 95),
    Field("currencyUSD", 80),
    Field("none", 90),
)
#: By the name that the statements give a column; one that is not here is a text with what room there is.
_FIELDS = {
    **dict.fromkeys(("ended", "started", "opened", "closed", "seen"), _MOMENT),
    **dict.fromkeys(("duration", "waited", "waiting"), _SPAN),
    "heartbeat_age": Field("s", 160),
    "retry_after": Field("s", 160),
    **dict.fromkeys(("gate_score", "score"), Field("percentunit", 75, decimals=0)),
    **dict.fromkeys(("cost", "cost_dollars"), _DOLLARS),
    "issue": Field("none", 70),
    "pull_request": Field("none", 105),
    **dict.fromkeys(("attempt", "attempts", "position", "weight"), _COUNT),
    **dict.fromkeys(("max_parallel", "interruptions", "added_lines", "removed_lines"), Field("none", 110)),
    **dict.fromkeys(("new_findings", "fixed_findings", "flaky_findings", "unchanged_findings"), _COUNT),
    **dict.fromkeys(("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens"), Field("short", 140)),
    **dict.fromkeys(("priority", "is_required"), Field(width=80)),
    **dict.fromkeys(("outcome", "run"), Field(width=115)),
    **dict.fromkeys(
        ("phase_result", "check_result", "agent", "state", "service_state", "error_type"), Field(width=140)
    ),
    **dict.fromkeys(("repository", "review_state", "check_name"), Field(width=155)),
    **dict.fromkeys(("phase", "ci_state", "service", "capacity_level"), Field(width=175)),
}
#: Columns whose codes the other dashboards name too.
_SHARED_CODES = ("outcome", "priority", "phase", "review_state")
#: Their colours are made for areas: as texts the lightest could not be read, or would say that something is wrong.
_PLAIN = ("priority", "phase")
_OWN_CODES = (
    "phase_result",
    "check_result",
    "is_required",
    "state",
    "service_state",
    "ci_state",
    "capacity_level",
    "why",
)


def shown(words: Words, column: str) -> list[DynamicConfigValue]:
    """Give what Grafana shows a column by."""
    field = _FIELDS.get(column, Field())
    properties: dict[str, Any] = {
        "displayName": words("columns", column),
        "noValue": NOTHING,
        "unit": field.unit,
    }
    if field.width is not None:
        properties["custom.width"] = field.width
    if field.decimals is not None:
        properties["decimals"] = field.decimals
    codes = _codes(words, column)
    if codes:
        properties |= {"mappings": codes, "custom.cellOptions": {"type": "color-text"}}
    link = _link(words, column)
    if link:
        properties["links"] = [link]
    return [DynamicConfigValue(name, value) for name, value in properties.items()]


def _codes(words: Words, column: str) -> list[ValueMapping]:
    if column in _OWN_CODES:
        return named({code: (words("values", column, code), colour) for code, colour in colours.OF[column].items()})
    if column not in _SHARED_CODES:
        return []
    texts = {
        code: (words.shared("values", column, code), colours.PLAIN if column in _PLAIN else colour)
        for code, colour in colours.OF[column].items()
    }
    if column == "outcome":  # a run that has none yet
        texts["running"] = (words("values", "outcome", "running"), colours.NEUTRAL)
    return named(texts)


def _link(words: Words, column: str) -> dict[str, object] | None:
    places = {
        "issue": f"{GITHUB}/${{__data.fields.repository}}/issues/${{__value.raw}}",
        "pull_request": f"{GITHUB}/${{__data.fields.repository}}/pull/${{__value.raw}}",
    }
    if column in places:
        return {"title": words("links", "github"), "url": places[column], "targetBlank": True}
    if column == "run":
        kept = "&".join(f"${{{name}:queryparam}}" for name in ("ledger", *FILTERS))
        url = f"/d/{words.uid('explorer')}?{links.KEPT}&{kept}&var-run=${{__value.raw}}"
        return {"title": words("links", "run"), "url": url, "targetBlank": False}
    return None

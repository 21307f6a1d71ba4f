"""Every dashboard holds to the schema that Grafana publishes, which knows no key but its own."""

import copy
import json
from functools import cache
from typing import Any

import fastjsonschema
import pytest

from tests.contract.alerts import ROOT
from tests.grafana.boards import Panel, boards, panels

SCHEMAS = ROOT / "tests" / "testdata" / "grafana_schema"
#: What Grafana takes and its published types leave out, each with the reason.
BESIDES_VARIABLES = {
    "auto": "of interval variables; the SDK writes the defaults for each kind",
    "auto_count": "the same",
    "auto_min": "the same",
    "definition": "the query as the list of variables shows it; Grafana's own editor writes it",
}
BESIDES_ANNOTATIONS = {
    "expr": "annotations may have what their data source asks with; these are Prometheus's",
    "step": "the same",
    "textFormat": "the same",
    "titleFormat": "the same",
    "useValueForTime": "the same",
}
BESIDES_TABLE = {"footer": "an option of Grafana 12 and older, which later ones move to where it belongs"}
#: The types call it required, and Grafana has a default for it.
LACKING_IN_TABLE_FIELDS = {"cellOptions": {"type": "auto"}}


@cache
def _check(name: str) -> Any:
    return fastjsonschema.compile(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def _without(value: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if key not in names}


@pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])
def test_a_dashboard_holds_to_the_published_schema(board: dict) -> None:
    board = copy.deepcopy(board)
    for part, names in (("templating", BESIDES_VARIABLES), ("annotations", BESIDES_ANNOTATIONS)):
        board[part]["list"] = [_without(one, names) for one in board[part]["list"]]
    _check("dashboard")(board)


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel.name)
def test_the_options_of_a_panel_hold_to_the_published_schema(panel: Panel) -> None:
    kind, options = panel.json["type"], panel.json.get("options", {})
    fields = panel.json["fieldConfig"]["defaults"].get("custom")
    if kind == "table":
        options = _without(options, BESIDES_TABLE)
        fields = LACKING_IN_TABLE_FIELDS | (fields or {})
    _check(f"{kind}_options")(options)
    if fields is not None:
        _check(f"{kind}_custom")(fields)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"refesh": "5m"}, "must not contain {'refesh'} properties"),
        ({"editable": "no"}, r"data\.editable must be boolean"),
    ],
)
def test_a_key_that_grafana_does_not_know_or_another_type_is_refused(change: dict, message: str) -> None:
    board = {"schemaVersion": 41, **change}
    with pytest.raises(fastjsonschema.JsonSchemaException, match=message):
        _check("dashboard")(board)

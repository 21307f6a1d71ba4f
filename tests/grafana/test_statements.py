"""What the issue explorer asks stands in one file a statement, takes its values quoted, and is all used."""

import re

import pytest

from grafana.src.ledger import STATEMENTS, statement
from tests.grafana.boards import Panel, boards, panels
from tests.grafana.statements import MACRO, VARIABLE, variables_of

NAMES = sorted(path.stem for path in STATEMENTS.glob("*.sql"))
BOARDS = {board["uid"]: board for board in boards()}
each_panel = pytest.mark.parametrize(
    "panel", [panel for panel in panels() if panel.statements], ids=lambda panel: panel.name
)
each_statement = pytest.mark.parametrize("name", NAMES)


@each_panel
def test_its_statements_stand_in_the_files(panel: Panel) -> None:
    assert set(panel.statements) <= {statement(name) for name in NAMES}


def test_every_file_is_asked() -> None:
    asked = {sql for panel in panels() for sql in panel.statements}
    asked |= {
        one["query"] for board in boards() for one in board["templating"]["list"] if isinstance(one["query"], str)
    }
    assert [name for name in NAMES if statement(name) not in asked] == []


@each_statement
def test_a_value_is_quoted_and_no_macro_is_unknown(name: str) -> None:
    assert {found[1] for found in VARIABLE.findall(statement(name))} <= {"sqlstring"}
    assert {found[0] for found in MACRO.findall(statement(name))} <= {"__unixEpochFilter"}
    assert re.findall(r"\$(?!\{|__unixEpochFilter\()", statement(name)) == []


@each_panel
def test_its_variables_are_those_of_the_dashboard(panel: Panel) -> None:
    known = set(variables_of(BOARDS[panel.board]))
    assert {name for sql in panel.statements for name, _ in VARIABLE.findall(sql)} <= known


@each_statement
def test_a_statement_says_what_it_is_for_and_names_the_schema(name: str) -> None:
    text = statement(name)
    assert re.match(r"-- [A-Z].+\.\n|-- [A-Z].+:.+\n", text), text.splitlines()[0]
    tables = re.findall(r"(?:FROM|JOIN) (\w+(?:\.\w+)?)", re.sub(r"--.*|extract\(epoch FROM now\(\)\)", "", text))
    own = set(re.findall(r"(\w+) AS \(", text))
    assert all(table.startswith("aip.") or table in own for table in tables), tables


def test_both_languages_ask_the_same() -> None:
    asked = [[panel.statements for panel in panels() if panel.board.endswith("-ja") is ja] for ja in (False, True)]
    assert asked[0] == asked[1]


def test_a_click_on_a_run_keeps_every_filter_and_sets_the_run() -> None:
    for uid in ("aip-explorer", "aip-explorer-ja"):
        (runs,) = [panel for panel in panels() if panel.board == uid and panel.statements == (statement("runs"),)]
        (link,) = _properties(runs, "run")["links"]
        shown = {one["name"] for one in BOARDS[uid]["templating"]["list"] if one.get("hide") != 2} - {"run"}
        assert link["url"].startswith(f"/d/{uid}?")
        assert shown <= set(re.findall(r"\$\{(\w+):queryparam\}", link["url"]))
        assert link["url"].endswith("&var-run=${__value.raw}")


def _properties(panel: Panel, column: str) -> dict:
    (override,) = [one for one in panel.json["fieldConfig"]["overrides"] if one["matcher"]["options"] == column]
    return {one["id"]: one["value"] for one in override["properties"]}

"""Every panel says what it shows and what no data means, and leads on from there."""

import re
from itertools import combinations

import pytest

from tests.contract.alerts import ALERTS, ROOT
from tests.grafana.boards import Panel, boards, panels

each_panel = pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel.name)
each_board = pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])


@each_panel
def test_a_panel_says_what_it_shows(panel: Panel) -> None:
    assert panel.json["title"]
    assert len(panel.json["description"]) > 10
    assert panel.json["fieldConfig"]["defaults"]["unit"]
    assert panel.json["fieldConfig"]["defaults"]["noValue"]


@each_panel
def test_what_is_not_measured_yet_is_no_fault_of_the_exporter(panel: Panel) -> None:
    """A graph of long intervals is empty until the first one is over, in a fresh installation for hours."""
    if "interval" in panel.json:
        no_value = panel.json["fieldConfig"]["defaults"]["noValue"]
        assert not re.search("exporter|processor|エクスポーター|プロセッサ", no_value)


@each_panel
def test_what_may_turn_red_or_yellow_leads_to_a_runbook_or_to_the_alerts(panel: Panel) -> None:
    colours = {step["color"] for step in panel.json["fieldConfig"]["defaults"]["thresholds"]["steps"]}
    leads = [link["url"] for link in panel.json.get("links", [])]
    if {"red", "yellow"} <= colours or (colours & {"red", "yellow"} and len(colours) > 1):
        assert any("/runbooks/" in url for url in leads) or "ALERTS" in "".join(panel.expressions)


@each_board
def test_links_lead_somewhere(board: dict) -> None:
    text = str(board)
    folder = "ja/runbooks" if board["uid"].endswith("-ja") else "runbooks"
    named = set(re.findall(r"/user/([\w/]+)\.html", text))
    assert named <= {f"{folder}/{rule.name}" for rule in ALERTS}
    assert {name for name in named if not (ROOT / "docs" / f"{name}.md").exists()} == set()
    assert set(re.findall(r"'/d/([\w-]+)", text)) <= {one["uid"] for one in boards()}


@each_board
def test_a_link_sets_only_variables_that_are_there(board: dict) -> None:
    variables = {one["uid"]: {each["name"] for each in one["templating"]["list"]} for one in boards()}
    for uid, query in re.findall(r"'/d/([\w-]+)\?([^']+)'", str(board)):
        assert set(re.findall(r"\bvar-(\w+)=", query)) <= variables[uid]
        assert ("${__url_time_range}" in query) != ("from=" in query)


@pytest.mark.parametrize("ending", ["", "-ja"])
@pytest.mark.parametrize(
    ("board", "chosen", "count"),
    [("operations", "var-outcome=error&var-outcome=timeout", 2), ("quality", "var-outcome=rejected", 2),
     ("daily", "var-outcome=error&var-outcome=timeout&from=now-1d/d&to=now-1d/d", 2),
     ("weekly", "var-outcome=error&var-outcome=timeout&from=now-1w/w&to=now-1w/w", 1)],
)  # fmt: skip
def test_failures_lead_to_the_runs_that_failed(board: str, chosen: str, count: int, ending: str) -> None:
    urls = [link["url"] for panel in panels() if panel.board == f"aip-{board}{ending}"
            for link in panel.json.get("links", [])]  # fmt: skip
    leading = [url for url in urls if url.startswith(f"/d/aip-explorer{ending}?") and url.endswith(f"&{chosen}")]
    assert len(leading) == count


@each_board
def test_a_dashboard_leads_to_the_others_of_its_language(board: dict) -> None:
    to_all, to_other = board["links"]
    assert set(to_all["tags"]) < set(board["tags"])
    name = board["uid"].removesuffix("-ja")
    assert to_other["url"] == f"/d/{name if board['uid'].endswith('-ja') else f'{name}-ja'}"
    assert all(link["keepTime"] and link["includeVars"] for link in board["links"])


@each_board
def test_panels_have_a_number_and_a_place_of_their_own(board: dict) -> None:
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for one, other in combinations([panel["gridPos"] for panel in board["panels"]], 2):
        apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert apart
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in board["panels"])

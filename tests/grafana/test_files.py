"""The files are what the source gives, each is a dashboard of Grafana's own model, and its address is its own."""

import json
import re
import subprocess
import sys
from collections import Counter

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src.catalogue import BOARDS
from tests.contract.alerts import ALERTS, ROOT
from tests.grafana.boards import boards, written


def test_the_files_are_what_the_source_gives() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grafana.src", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])
def test_grafanas_own_model_knows_every_part(board: dict) -> None:
    """A key that the model does not know is lost on the way."""
    again = json.loads(json.dumps(Dashboard.from_json(board), cls=JSONEncoder))
    assert again == board


@pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])
def test_no_board_opens_with_more_looks_for_annotations_than_prometheus_answers(board: dict) -> None:
    shown = seconds(board["time"]["from"].removeprefix("now-"))
    assert [note["name"] for note in board["annotations"]["list"] if shown / seconds(note["step"]) > 11_000] == []


def seconds(time: str) -> int:
    return int(time[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[time[-1]]


def test_addresses_are_names_of_files_and_unique() -> None:
    assert [one.path.stem for one in written()] == [board["uid"] for board in boards()]
    assert max(Counter(board["uid"] for board in boards()).values()) == 1
    assert all(len(board["uid"]) <= 40 for board in boards())


def test_titles_are_unique_in_their_folder() -> None:
    assert max(Counter((one.path.parent, one.dashboard.title) for one in written()).values()) == 1


def test_alerts_lead_to_dashboards() -> None:
    linked = {rule.annotations["dashboard_url"].rpartition("/")[2] for rule in ALERTS}
    assert linked <= {f"aip-{name}" for name in BOARDS}


def test_the_documents_name_every_dashboard() -> None:
    text = (ROOT / "docs" / "dashboards.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`/d/([\w-]+)`", text))
    assert named == {board["uid"] for board in boards()}


def test_a_time_zone_that_there_is_not_is_refused_and_nothing_is_written() -> None:
    command = [sys.executable, "-m", "grafana.src", "--timezone", "Mars/Base"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'Mars/Base' is no time zone; write it as in Europe/Berlin" in done.stderr

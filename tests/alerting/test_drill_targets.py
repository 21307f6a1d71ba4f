"""What scripted targets expose while they are changed."""

import http.client
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from processor.alerting.drill.baseline import BASELINE
from processor.alerting.drill.changes import Ago, Change, Gone, Growing, Held, Line, Plus
from processor.alerting.drill.targets import ScriptedTargets, healthy_page


@pytest.mark.parametrize(
    ("change", "now", "later"),
    [
        (7, 7, 7),
        (Plus(2), 12, 12),
        (Growing(0.5), 10, 15),
        (Ago(30), 970, 980),
        (Ago(-30), 1030, 1040),
        (Held(), 10, 10),
    ],
)
def test_a_value_over_time(change: Change, now: float, later: float) -> None:
    line = Line(10.0).changed(change, 1000.0)
    assert (line.at(1000.0), line.at(1010.0)) == (now, later)


def test_a_change_starts_from_where_the_last_one_led() -> None:
    grown = Line(0.0).changed(Growing(2), 1000.0)
    assert grown.changed(Held(), 1005.0).at(2000.0) == 10.0
    assert grown.changed(Plus(1), 1005.0).at(2000.0) == 11.0
    assert grown.changed(Growing(1), 1005.0).at(1006.0) == 11.0


@pytest.mark.parametrize("job", BASELINE)
def test_a_healthy_page_is_read_by_the_fields_own_parser(job: str) -> None:
    families = text_string_to_metric_families(healthy_page(job).text(time.time()))
    assert sum(len(family.samples) for family in families) == len(BASELINE[job])


def test_a_page_is_served_fails_and_loses_a_series() -> None:
    page = healthy_page("alertmanager")
    with ScriptedTargets({"/a": page}).serving() as served:
        client = http.client.HTTPConnection(served.address, timeout=60)

        def get(path: str) -> tuple[int, str]:
            client.request("GET", path)
            answer = client.getresponse()
            return answer.status, answer.read().decode()

        assert get("/a")[0] == 200
        assert get("/b")[0] == 503
        page.change({"alertmanager_config_last_reload_successful": Gone(), "extra": 3})
        status, text = get("/a")
        assert (status, "last_reload" in text, "extra 3" in text) == (200, False, True)
        page.answering = False
        assert get("/a")[0] == 503
        client.close()

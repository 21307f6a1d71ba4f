"""A running service reports what was missed, once, after kill -9 too; its API, its folder and `aip` say the same."""

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from processor.alerting.drill.loopback import Reply, Request, serving
from tests.acceptance.system import System, wait_until
from tests.reports.scene import Scene
from tests.zones import noon_zone


def test_a_service_makes_and_sends_the_reports_that_are_due(system: System, tmp_path: Path) -> None:
    zone = ZoneInfo(noon_zone())
    system.settings["timezone"] = zone.key
    day = datetime.now(zone).date() - timedelta(days=1)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone).timestamp()
    past = Scene(system.ledger)
    past.begin(noon - 30 * 86_400)
    past.finish(noon, seconds=45)
    past.finish(time.time() - 60, seconds=30)
    posts: list[Request] = []

    def take(request: Request) -> Reply:
        posts.append(request)
        return Reply()

    with serving(take) as place:
        (tmp_path / "url").write_text(f"http://{place}/reports", encoding="utf-8")
        reports = {"directory": str(system.root / "reports")}
        system.settings["reports"] = reports | {"webhook": {"enabled": True, "url_file": str(tmp_path / "url")}}
        first = system.start()
        listed = wait_until(lambda: _delivered(system), "both reports to be delivered")
        system.kill(first)
        second = system.start()
        assert _delivered(system) == listed
        made = system.get(f"/api/reports/daily/{day}")
        old = json.loads((system.root / "logs" / "auto_issue_processing.json").read_text(encoding="utf-8"))
        assert system.stop(second) == 0
    assert sorted(json.loads(post.body)["kind"] for post in posts) == ["daily", "weekly"]
    assert made["summary"]["total_issues_processed"] == 1
    path = system.root / "reports" / f"daily_report_{day:%Y%m%d}.json"
    assert json.loads(path.read_text(encoding="utf-8")) == made
    said = json.loads(system.aip("report", "daily", "--date", str(day), "--json").stdout)
    assert said | {"made_at": ""} == made | {"made_at": ""}
    assert 30.0 in old["processing_times"]


def _delivered(system: System) -> list[str] | None:
    """Name the reports once each was delivered."""
    found = system.get("/api/reports")["reports"]
    states = [sent["state"] for one in found for sent in one["deliveries"]]
    return [one["kind"] for one in found] if states == ["delivered"] * 2 else None

"""Reports over PostgreSQL: both kinds are made, with the numbers of the ledger, once for two services."""

import json
from pathlib import Path

from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.model import Outcome
from processor.reports.reporting import Reporting
from processor.settings.sections import Logs, MainFile, Reports
from tests.reports.scene import Scene, at

NOW = at("2026-11-23T09:00")


def test_both_reports_are_made_once_with_the_numbers_of_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    scene = Scene(ledger)
    scene.begin(at("2026-10-01T00:00"))
    scene.finish(at("2026-11-22T00:00"), seconds=100, dollars=0.5, merged_after=3600)
    scene.finish(at("2026-11-22T23:59"), Outcome.ERROR, seconds=300)
    scene.finish(at("2026-11-16T00:00"), Outcome.TIMEOUT, seconds=1000, error_type="agent_timeout")
    scene.incident("AipDown", "critical", at("2026-11-20T12:00"))
    scene.carry("host-a", {at("2026-11-18T12:00"): 0.4})
    scene.stand(NOW)
    main = MainFile(reports=Reports(directory=tmp_path / "reports"), logs=Logs(directory=tmp_path / "logs"))
    for name in ("host-a", "host-b"):
        Reporting(ledger, lambda: main, instance=name, clock=lambda: NOW).look()
    with ledger.read() as db:
        assert [(one.kind, one.date, one.made_by) for one in queries.reports_made(db, 9)] == [
            ("daily", "2026-11-22", "host-a"), ("weekly", "2026-11-16", "host-a"),
        ]  # fmt: skip
        day, week = (
            json.loads(queries.report_content(db, kind, date) or "")
            for kind, date in (("daily", "2026-11-22"), ("weekly", "2026-11-16"))
        )
    assert day["summary"] == {
        "total_issues_processed": 2, "success_rate": 50.0, "avg_processing_time": 200.0, "errors_count": 1,
        "remark": None,
    }  # fmt: skip
    assert [one["seconds"] for one in day["performance"]["longest"]] == [300.0, 100.0]
    assert day["cost"] == {
        "dollars": 0.5, "dollars_per_success": 0.5, "dollars_per_merge": 0.5, "tokens_read": 2000,
        "tokens_written": 100,
    }  # fmt: skip
    assert week["errors"] == {"agent_exit": 1, "agent_timeout": 1}
    assert week["incidents"]["by_alert"] == {"AipDown": 1}
    assert (week["resources"][0]["cpu_percent_mean"], week["resources"][0]["host"]) == (40.0, "host-a")
    assert week["next_week"]["dead_letters"] == ["octo/hello#950"]
    assert sum(one["total_issues_processed"] for one in week["days"]) == 3
    assert json.loads((tmp_path / "reports" / "daily_report_20261122.json").read_text(encoding="utf-8")) == day

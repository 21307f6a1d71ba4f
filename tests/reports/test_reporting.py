"""What a service does about reports by the clock: each period once, its files, and its messages until they arrive."""

import json
import threading
from contextlib import ExitStack, closing
from pathlib import Path

from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.ledger.restoration import begin_counters_anew
from processor.model import Outcome, ReportKind
from processor.reports.reporting import Reporting
from tests.exporter.moments import Clock
from tests.monitoring.receivers import MailServer
from tests.reports.conftest import Make, opened_in_haste
from tests.reports.scene import Scene, at


def _made(ledger: Ledger) -> list[tuple[str, str, str]]:
    with ledger.read() as db:
        return [(one.kind, one.date, one.made_by) for one in queries.reports_made(db, 100)]


def test_a_report_is_made_at_its_time_once(service: Make, scene: Scene, clock: Clock, tmp_path: Path) -> None:
    scene.finish(at("2026-11-19T12:00"))
    here = service(formats=("json", "html", "markdown", "text"))
    here.look()
    first = [("daily", "2026-11-18", "host-a"), ("weekly", "2026-11-09", "host-a")]  # the last ones that were due
    assert _made(scene.ledger) == first
    clock.now = at("2026-11-20T08:30")
    here.look()
    here.look()
    assert _made(scene.ledger) == [("daily", "2026-11-19", "host-a"), *first]
    folder = tmp_path / "host-a" / "reports"
    assert sorted(path.name for path in folder.glob("daily*19.*")) == [
        f"daily_report_20261119.{suffix}" for suffix in ("html", "json", "md", "txt")
    ]
    found = json.loads((folder / "daily_report_20261119.json").read_text(encoding="utf-8"))
    assert found["summary"]["total_issues_processed"] == 1
    with scene.ledger.read() as db:
        assert json.loads(queries.report_content(db, "daily", "2026-11-19") or "") == found


def test_missed_reports_are_made_up_once_and_oldest_first(service: Make, scene: Scene, clock: Clock) -> None:
    clock.now = at("2026-11-16T09:00")
    service().look()
    clock.now = at("2026-11-20T12:00")
    service().look()
    dates = [date for kind, date, _ in _made(scene.ledger) if kind == ReportKind.DAILY]
    assert dates == ["2026-11-19", "2026-11-18", "2026-11-17", "2026-11-16", "2026-11-15"]


def test_totals_that_were_moved_keep_no_report_from_being_made(service: Make, scene: Scene, clock: Clock) -> None:
    clock.now = at("2026-11-19T09:00")
    service().look()
    with scene.ledger.write() as db:
        begin_counters_anew(db, at("2026-11-20T07:00"))
    clock.now = at("2026-11-20T08:30")
    service().look()
    assert ("daily", "2026-11-19", "host-a") in _made(scene.ledger)


def test_several_services_at_once_report_a_day_once_and_each_has_its_files(
    service: Make, scene: Scene, clock: Clock, tmp_path: Path
) -> None:
    clock.now = at("2026-11-20T08:30")
    names = [f"host-{letter}" for letter in "abcd"]
    with ExitStack() as stack:
        folder = Path(str(scene.ledger.engine.url.database)).parent
        ledgers = [stack.enter_context(closing(opened_in_haste(folder))) for _ in names]
        with MailServer().running() as server:
            mail = {"to": ["ops@example.com"], "smtp_server": f"127.0.0.1:{server.port}", "smtp_user": "",
                    "require_tls": False}  # fmt: skip
            services = [
                service(name, ledger, alerting={"email": mail}, email={"enabled": True})
                for name, ledger in zip(names, ledgers, strict=True)
            ]
            gate = threading.Barrier(len(services))

            def look(one: Reporting) -> None:
                gate.wait()
                one.look()
                one.look()

            threads = [threading.Thread(target=look, args=(one,)) for one in services]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(server.mails) == 2  # the day and the week
    assert [(kind, date) for kind, date, _ in _made(scene.ledger)] == [
        ("daily", "2026-11-19"),
        ("weekly", "2026-11-09"),
    ]
    files = [tmp_path / name / "reports" / "daily_report_20261119.json" for name in names]
    assert len({path.read_text(encoding="utf-8") for path in files}) == 1


def test_files_that_cannot_be_written_keep_no_report_from_being_made(
    service: Make, scene: Scene, clock: Clock, tmp_path: Path
) -> None:
    clock.now = at("2026-11-20T08:30")
    (tmp_path / "host-a").mkdir()
    (tmp_path / "host-a" / "reports").write_text("in the way", encoding="utf-8")
    here = service()
    here.look()
    assert len(_made(scene.ledger)) == 2
    (tmp_path / "host-a" / "reports").unlink()
    here.look()
    assert (tmp_path / "host-a" / "reports" / "daily_report_20261119.json").exists()


def test_a_file_that_the_operator_took_away_does_not_come_back(service: Make, clock: Clock, tmp_path: Path) -> None:
    clock.now = at("2026-11-20T08:30")
    here = service()
    here.look()
    path = tmp_path / "host-a" / "reports" / "daily_report_20261119.json"
    path.unlink()
    here.look()
    assert not path.exists()
    clock.now += 3 * 86_400
    service(make_up=1).look()
    assert not path.exists()


def test_reports_may_be_switched_off(service: Make, scene: Scene, clock: Clock) -> None:
    clock.now = at("2026-11-20T08:30")
    service(enabled=False).look()
    assert _made(scene.ledger) == []


def test_the_old_scripts_find_their_file(service: Make, scene: Scene, clock: Clock, tmp_path: Path) -> None:
    here = service(enabled=False)
    here.look()
    path = tmp_path / "host-a" / "logs" / "auto_issue_processing.json"
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "recent_issues": [], "success_rate": None, "avg_processing_time": None, "processing_times": [],
        "updated_at": "2026-11-20T08:29:00+09:00", "issues": [],
    }  # fmt: skip
    scene.finish(clock.now - 90_000)
    scene.finish(clock.now - 100, seconds=45.2)
    scene.finish(clock.now - 50, Outcome.ERROR, seconds=315.8)
    scene.finish(clock.now - 40, Outcome.CANCELLED)
    here.look()
    # What the handbook's collect_performance_metrics does with it:
    app_data = json.loads(path.read_text(encoding="utf-8"))
    assert {
        "total_processed": len(app_data.get("recent_issues", [])),
        "success_rate": app_data.get("success_rate", 0),
        "avg_processing_time": app_data.get("avg_processing_time", 0),
    } == {"total_processed": 2, "success_rate": 50.0, "avg_processing_time": 180.5}
    assert app_data["recent_issues"] == [2, 3]
    assert app_data["processing_times"] == [45.2, 315.8]

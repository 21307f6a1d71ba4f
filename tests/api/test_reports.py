"""`/api/reports`: what was made by the clock, and any day or week that is over."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from processor.ledger import reports
from processor.ledger.reports import MadeReport
from processor.model import ReportChannel, ReportKind
from tests.api.conftest import Running
from tests.reports.scene import Scene

YESTERDAY = datetime.now(ZoneInfo("Asia/Tokyo")).date() - timedelta(days=1)


def _get(api: Running, path: str) -> tuple[int, dict]:
    answer = api.http.get(f"{api.url}{path}", timeout=60)
    return answer.status_code, answer.json()


def test_a_day_that_nobody_reported_is_reported_now(api: Running) -> None:
    noon = datetime(YESTERDAY.year, YESTERDAY.month, YESTERDAY.day, 12, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
    Scene(api.ledger).finish(noon, seconds=40)
    status, report = _get(api, f"/api/reports/daily/{YESTERDAY}")
    assert (status, report["date"], report["summary"]["success_rate"]) == (200, str(YESTERDAY), 100.0)
    status, week = _get(api, f"/api/reports/weekly/{YESTERDAY - timedelta(days=7)}")
    assert (status, week["kind"], week["summary"]["success_rate"]) == (200, "weekly", None)
    assert _get(api, "/api/reports") == (200, {"total": 0, "limit": 100, "offset": 0, "reports": []})


def test_what_was_made_by_the_clock_is_given_as_it_was_made(api: Running) -> None:
    made = MadeReport(
        kind=ReportKind.DAILY, date="2026-01-02", made_at=time.time(), made_by="host-a", content='{"a": 1}'
    )
    with api.ledger.write() as db:
        reports.record(db, made, [ReportChannel.EMAIL])
    assert _get(api, "/api/reports/daily/2026-01-02") == (200, {"a": 1})
    _, listed = _get(api, "/api/reports?kind=daily&limit=5")
    (one,) = listed["reports"]
    assert (one["date"], one["made_by"], one["deliveries"][0]["state"]) == ("2026-01-02", "host-a", "waiting")
    assert _get(api, "/api/reports?kind=weekly")[1]["reports"] == []
    assert _get(api, "/api/reports?offset=1")[1] == {"total": 1, "limit": 100, "offset": 1, "reports": []}


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/reports/daily/2999-01-01", 404, "the day 2999-01-01 is not over in Asia/Tokyo"),
        ("/api/reports/weekly/9999-12-31", 404, "the week from 9999-12-27 is not over in Asia/Tokyo"),
        ("/api/reports/daily/0001-01-01", 404, "there is nothing to report of 0001-01-01"),
        ("/api/reports/hourly/2026-01-01", 422, "path.kind: Input should be 'daily' or 'weekly'"),
        ("/api/reports/daily/yesterday", 422, "path.date: "),
        ("/api/reports?limit=0", 422, "query.limit: "),
    ],
)
def test_what_cannot_be_reported_is_said(shared_api: Running, path: str, status: int, detail: str) -> None:
    found, answer = _get(shared_api, path)
    assert found == status
    assert answer["detail"].startswith(detail)

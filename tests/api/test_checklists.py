"""`/api/checklists`: the newest lists, and that of a date."""

from datetime import date

import pytest

from processor.ledger import checklists
from processor.ledger.checklists import Found
from processor.model import Checklist, ItemStatus, Turn
from tests.api.conftest import Running

DAY = date(2026, 11, 26)


def _get(api: Running, path: str, status: int = 200) -> dict:
    answer = api.http.get(f"{api.url}{path}", timeout=60)
    assert answer.status_code == status
    return answer.json()


def test_what_was_found_is_given_in_the_language_that_is_asked_for(api: Running) -> None:
    assert _get(api, "/api/checklists") == {
        "daily": {"dates": [], "newest": None}, "weekly": {"dates": [], "newest": None},
    }  # fmt: skip
    found = Found(
        item="queue",
        section="processing",
        status=ItemStatus.ATTENTION,
        needs_person=False,
        finding='{"evidence": [{"name": "waiting", "value": 3, "unit": "count"}]}',
    )
    with api.ledger.write() as db:
        checklists.finish_turn(db, Turn(Checklist.DAILY, "processing", DAY, 0.0), [found], "a", 5.0)
    newest = _get(api, "/api/checklists?language=ja")["daily"]["newest"]
    assert (newest["date"], newest["items"][0]["title"]) == ("2026-11-26", "処理待ちキュー確認")
    one = _get(api, "/api/checklists/daily/2026-11-26")["items"][0]
    assert (one["item"], one["status"], one["evidence"][0]["value"], one["found_at"]) == ("queue", "attention", 3, 5.0)


@pytest.mark.parametrize(
    ("path", "code"),
    [("/api/checklists/daily/2026-01-01", 404), ("/api/checklists/hourly/2026-01-01", 422)],
)
def test_what_is_not_there_is_said(api: Running, path: str, code: int) -> None:
    assert "detail" in _get(api, path, code)

"""`aip checklist`: the lists as they are now, and signatures."""

import pytest

from processor.ledger import queries


@pytest.fixture(autouse=True)
def settings(office, ledger):  # noqa: ARG001  # a ledger that is there
    office.write_settings()


def test_a_section_is_shown_with_evidence_limit_and_link(aip):
    said = aip("checklist", "daily", "--section", "processing", "--json")
    assert (said.code, said.json["checklist"], said.json["timezone"]) == (0, "daily", "Asia/Tokyo")
    items = {one["item"]: one for one in said.json["items"]}
    assert list(items) == ["processed_count", "success_rate", "queue", "long_runs"]
    oldest = next(one for one in items["queue"]["evidence"] if one["name"] == "oldest_waits")
    assert (oldest["value"], oldest["unit"], oldest["limit"]) == (0.0, "seconds", 3600.0)
    assert items["queue"]["link"] == "http://localhost:3000/d/aip-operations"


def test_it_is_written_for_people_in_both_languages(aip):
    assert "[ok] Check the queue (queue)" in aip("checklist", "daily", "--section", "processing").out
    said = aip("checklist", "daily", "--section", "processing", "--markdown", "--language", "ja").out
    assert "## 処理状況確認 (毎朝9:15)" in said
    assert "- [x] [処理待ちキュー確認](<http://localhost:3000/d/aip-operations-ja>) **正常**" in said


def test_a_section_that_needs_a_person_is_well_once_it_is_signed(aip, ledger):
    def item() -> dict:
        found = aip("checklist", "weekly", "--section", "reporting", "--json").json["items"]
        return next(one for one in found if one["item"] == "next_week_plan")

    assert (item()["status"], item()["needs_person"], item()["signed"]) == ("attention", True, None)
    said = aip("checklist", "sign", "next_week_plan", "--by", "hanako", "--note", "two new repositories")
    assert said.code == 0
    assert "is signed by hanako" in said.out
    again = aip(
        "checklist", "sign", "next_week_plan", "--by", "hanako", "--note", "two new repositories", "--json"
    ).json
    assert (again["checklist"], again["item"], again["signed_by"]) == ("weekly", "next_week_plan", "hanako")
    assert (item()["status"], item()["signed"]["note"]) == ("ok", "two new repositories")
    with ledger.read() as db:
        assert queries.audit_trail(db)[0].action == "checklist.sign"


def test_what_is_found_is_kept_when_it_is_asked_for(aip, ledger):
    aip("checklist", "daily", "--section", "processing")
    with ledger.read() as db:
        assert queries.checklist_standings(db) == ()
    aip("checklist", "daily", "--section", "processing", "--record")
    with ledger.read() as db:
        (standing,) = queries.checklist_standings(db)
    assert [one.item for one in standing.items] == ["long_runs", "processed_count", "queue", "success_rate"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("daily", "--section", "maintenance"), "the daily list has no section maintenance; use one of system_health"),
        (("daily", "--json", "--markdown"), "--json and --markdown exclude each other"),
        (("sign", "nothing"), "no checklist has an item nothing; use one of system_status"),
        (("sign", "queue", "--date", "today"), "--date today is no date"),
        (("sign", "queue", "--date", "2999-01-01"), "--date 2999-01-01 is still to come"),
        (("sign", "queue", "--by", " "), "--by is empty"),
        (("sign", "queue", "--by", ""), "--by is empty"),
        (("sign", "queue", "--date", "2020-01-01"), "the daily list of 2020-01-01 has no queue: nobody went through"),
        (("sign", "cache", "--date", "2020-01-01"), "the weekly list of 2019-12-30 has no cache: nobody went through"),
        (("sign", "queue", "--note", "a\nb"), "--note is empty, longer than 2000 characters or no single line"),
    ],
)
def test_wrong_words_are_refused(aip, words, complaint):
    said = aip("checklist", *words)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err

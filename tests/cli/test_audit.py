"""`aip audit` tells who did what, newest first."""

import getpass
import socket

import pytest

from processor.ledger import operators

pytestmark = pytest.mark.usefixtures("office")


def test_every_act_is_told_with_who_and_why_newest_first(aip):
    aip("pause", "--reason", "release day")
    aip("resume", "--reason", "it is out")
    newest, oldest = aip("audit", "--json").json["acts"]
    assert (newest["action"], newest["reason"]) == ("resume", "it is out")
    assert (oldest["action"], oldest["target"], oldest["reason"]) == ("pause", "processing", "release day")
    assert oldest["actor"] == f"{getpass.getuser()}@{socket.gethostname()}"


def test_what_an_earlier_version_wrote_of_a_pause_reads_the_same(aip, ledger):
    with ledger.write() as db:
        operators.record(db, operators.Act(actor="ada@desk", action="pause", target="paused"), 1.0)
    assert aip("audit", "--json").json["acts"][0]["target"] == "processing"


def test_whoever_shares_an_account_says_a_name_that_stands_beside_the_account(aip):
    account = f"{getpass.getuser()}@{socket.gethostname()}"
    aip("--as", " Ada 愛 ", "pause")
    assert aip("audit", "--json").json["acts"][0]["actor"] == f"Ada 愛 ({account})"
    aip("config", "set", "gate.minimum_score", "60", "--for", "2h", "--reason", "release day")
    assert aip("--as", "ada", "config", "revert", "--all", "--reason", "x").code == 0
    assert aip("config", "history", "--json").json["changes"][0]["actor"] == f"ada ({account})"


def test_changed_settings_are_acts_too(aip):
    aip("config", "set", "gate.minimum_score", "60", "intake.label", "fix", "--for", "2h", "--reason", "release day")
    aip("capacity", "set", "high", "--for", "90m", "--reason", "backup runs")
    aip("capacity", "auto", "--reason", "done")
    acts = [(one["action"], one["target"], one["reason"]) for one in aip("audit", "--json").json["acts"]]
    assert acts == [
        ("config.revert", "main.capacity.level", "done"),
        ("config.set", "main.capacity.level high for 1h30m", "backup runs"),
        ("config.set", "main.intake.label fix for 2h", "release day"),
        ("config.set", "gate.minimum_score 60 for 2h", "release day"),
    ]


@pytest.mark.parametrize("name", ["a" * 61, "a\nb", "a\x1b[31m"])
def test_what_is_no_name_is_refused(aip, name):
    said = aip("--as", name, "pause")
    assert said.code == 2
    assert said.err.startswith("aip: --as (AIP_OPERATOR) takes one line of at most 60 characters: a")
    assert "\x1b[31m" not in said.err


def test_the_table_ends_with_the_reason_and_holds_as_many_as_asked(aip):
    aip("pause", "--reason", "one")
    aip("pause", "--reason", "two")
    heading, row = aip("audit", "--limit", "1").out.splitlines()
    assert heading.split() == ["WHEN", "WHO", "DID", "TO", "WHY"]
    assert row.split()[-3:] == ["pause", "processing", "two"]


@pytest.mark.usefixtures("ledger")
def test_without_acts_it_says_so(aip):
    said = aip("audit")
    assert (said.code, said.out) == (0, "no operator did anything yet\n")


def test_without_a_ledger_it_says_where_one_should_be(aip):
    said = aip("audit")
    assert said.code == 1
    assert "there is no ledger at" in said.err

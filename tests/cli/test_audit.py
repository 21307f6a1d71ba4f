"""`aip audit` tells who did what, newest first."""

import getpass
import socket

import pytest

from processor.cli.state import actor

pytestmark = pytest.mark.usefixtures("office")


def test_every_act_is_told_with_who_and_why_newest_first(aip):
    aip("pause", "--reason", "release day")
    aip("resume", "--reason", "it is out")
    newest, oldest = aip("audit", "--json").json["acts"]
    assert (newest["action"], newest["reason"]) == ("resume", "it is out")
    assert (oldest["action"], oldest["target"], oldest["reason"]) == ("pause", "paused", "release day")
    assert oldest["actor"] == f"{getpass.getuser()}@{socket.gethostname()}" == actor()


def test_the_table_ends_with_the_reason_and_holds_as_many_as_asked(aip):
    aip("pause", "--reason", "one")
    aip("pause", "--reason", "two")
    heading, row = aip("audit", "--limit", "1").out.splitlines()
    assert heading.split() == ["WHEN", "WHO", "DID", "TO", "WHY"]
    assert row.split()[-3:] == ["pause", "paused", "two"]


@pytest.mark.usefixtures("ledger")
def test_without_acts_it_says_so(aip):
    said = aip("audit")
    assert (said.code, said.out) == (0, "no operator did anything yet\n")


def test_without_a_ledger_it_says_where_one_should_be(aip):
    said = aip("audit")
    assert said.code == 1
    assert "there is no ledger at" in said.err

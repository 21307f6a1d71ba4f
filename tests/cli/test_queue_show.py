"""`aip queue show` tells everything about one run."""

import pytest

from processor.gate import report_to_json
from processor.ledger import progress
from processor.model import CheckReport, CheckResult, Finding, GateReport, Outcome, Usage


@pytest.fixture
def judged(scene) -> str:
    """A run whose gate found one new thing, and whose agent said what it cost."""
    run_id = scene.finish(1, Outcome.REJECTED)
    check = CheckReport(
        name="ruff",
        result=CheckResult.FAILED,
        is_required=True,
        weight=2,
        score=40,
        summary="1 new finding",
        findings=(Finding("F401", "unused"),),
    )
    report = GateReport(
        passed=False,
        score=40,
        minimum_score=70,
        risk=0,
        security_threshold=5,
        checks=(check,),
        reasons=("the score 40 is below 70",),
    )
    with scene.ledger.write() as db:
        progress.record_gate(db, run_id, report, report_to_json(report), built_in=frozenset(), is_counted=True)
        spent = Usage(input_tokens=1200, output_tokens=300, cost_dollars=0.0421)
        progress.record_usage(db, run_id, 1, "tidy", spent, is_counted=True)
    return run_id


def test_phases_gate_and_usage_are_shown(aip, judged):
    said = aip("queue", "show", judged)
    assert said.code == 0
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "state: rejected" in lines
    assert any(line.startswith("1 prepare") and line.endswith("2.0 s ok") for line in lines)
    assert "gate rejected: score 40 of 100 (needs 70), risk 0.0 of 10 (at most 5)" in lines
    assert "ruff * failed 40 0.0 s 1 new 1 new finding" in lines
    assert "- the score 40 is below 70" in lines
    assert "1 1200 unknown 300 $0.0421" in lines


def test_json_holds_the_same_and_unknown_is_null(aip, judged):
    found = aip("queue", "show", judged, "--json").json
    assert found["outcome"] == "rejected"
    assert found["gate"]["checks"][0]["name"] == "ruff"
    assert found["usage"][0]["cache_read_tokens"] is None
    assert [phase["phase"] for phase in found["phases"]] == ["prepare", "agent"]
    assert found["pull_request_record"] is None


def test_the_beginning_of_an_id_and_an_issue_are_enough(aip, scene):
    older = scene.finish(1)
    newer = scene.queue(1)
    assert aip("queue", "show", older[:7], "--json").json["run_id"] == older
    assert aip("queue", "show", "octo/hello#1", "--json").json["run_id"] == newer


def test_a_beginning_that_fits_several_is_wrong_usage(aip, scene):
    one, other = scene.finish(1), scene.finish(1)
    said = aip("queue", "show", "1-")
    assert said.code == 2
    assert one in said.err
    assert other in said.err


@pytest.mark.usefixtures("scene")
def test_an_unknown_run_and_an_issue_without_one_are_wrong_usage(aip):
    assert aip("queue", "show", "99-ffff").code == 2
    said = aip("queue", "show", "octo/hello#9")
    assert said.code == 2
    assert "octo/hello#9 has no run" in said.err


def test_only_a_run_that_was_given_up_for_good_is_called_a_dead_letter(aip, scene):
    tried_again = scene.finish(1, Outcome.ERROR)
    dry = scene.finish(2, Outcome.ERROR, is_dry_run=True)
    given_up = scene.finish(1, Outcome.ERROR)
    assert "yes; `aip queue retry octo/hello#1` tries again" in aip("queue", "show", given_up).out
    assert aip("queue", "show", given_up, "--json").json["is_dead_letter"] is True
    assert aip("logs", given_up, "--json").json["is_dead_letter"] is True
    for other in (tried_again, dry):
        assert aip("logs", other, "--json").json["is_dead_letter"] is False
        assert "dead letter" not in aip("queue", "show", other).out
        assert aip("queue", "show", other, "--json").json["is_dead_letter"] is False

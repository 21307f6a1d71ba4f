"""How the rounds of the canary ended, as the ledger has it; nothing while it is off."""

from processor.ledger import canary
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.model import CanaryResult

SANDBOX = {"repository": "octo/sandbox"}
RUNS, FAILURES = "aip_canary_runs_total", "aip_canary_consecutive_failures"
LAST_SUCCESS, LAST_END = "aip_canary_last_success_timestamp_seconds", "aip_canary_last_end_timestamp_seconds"


def by_result(scraped) -> dict[str, float]:
    return {result: scraped.value(RUNS, result=result) for result in CanaryResult}


def rounds(ledger, *results: CanaryResult) -> None:
    """Write rounds that began at 0, 1000, … and ended 10 s later."""
    with ledger.write() as db:
        for number, result in enumerate(results):
            new = NewRound(repository=SANDBOX["repository"], requested_by=BY_THE_CLOCK, time_limit_seconds=600)
            round_id = canary.begin(db, new, 1000.0 * number)
            canary.end(db, round_id, result, "", 1000.0 * number + 10)


def test_it_shows_nothing_while_it_is_off(serve, office, ledger):
    rounds(ledger, CanaryResult.SUCCESS)
    for wanted in ({}, {**SANDBOX, "enabled": False}):
        office.write(canary=wanted)
        scraped = serve("canary").scrape()
        assert [scraped.values(name) for name in (RUNS, FAILURES, LAST_SUCCESS, LAST_END)] == [{}, {}, {}, {}]


def test_before_the_first_round_every_result_is_0_and_there_is_no_time(serve, office, scene):
    office.write(canary=SANDBOX)
    scene.finish()
    scraped = serve("canary").scrape()
    assert by_result(scraped) == dict.fromkeys(CanaryResult, 0.0)
    assert scraped.value(FAILURES) == 0
    assert [scraped.values(name) for name in (LAST_SUCCESS, LAST_END)] == [{}, {}]


def test_a_round_without_a_verdict_is_no_failure_and_ends_no_row_of_them(serve, office, ledger):
    office.write(canary=SANDBOX)
    good, bad, late, held = CanaryResult.SUCCESS, CanaryResult.FAILED, CanaryResult.TIMEOUT, CanaryResult.HELD
    rounds(ledger, bad, good, bad, held, late, held)
    scraped = serve("canary").scrape()
    assert by_result(scraped) == {good: 1.0, bad: 2.0, late: 1.0, held: 2.0}
    assert (scraped.value(FAILURES), scraped.value(LAST_SUCCESS), scraped.value(LAST_END)) == (2.0, 1010.0, 5010.0)

"""A person wants one issue processed now, while others look at it too."""

from dataclasses import replace

import pytest

from processor.intake.polling import poll
from processor.ledger import queries
from processor.ledger.operators import Act
from processor.ledger.runs import TakenAlready
from processor.operations.one_issue import request
from tests.beside import beside
from tests.operations.conftest import REF

WORD = Act(actor="ada", action="once", target=str(REF))


def test_who_wanted_it_is_recorded_with_the_run(poller):
    asked = request(poller, REF, WORD, is_forced=False, is_dry_run=False)
    with poller.ledger.read() as db:
        assert [(run.run_id, run.requested_by) for run in queries.backlog(db)] == [(asked.run_id, "ada")]
        assert [act.action for act in queries.audit_trail(db)] == ["once"]


@pytest.mark.parametrize("writes_before", [0, 1])
def test_a_poll_that_is_quicker_is_told_of_and_leaves_no_act_that_did_not_happen(poller, writes_before):
    acts = [None] * writes_before
    late = replace(poller, ledger=beside(poller.ledger, *acts, lambda: poll(poller, REF.repository)))
    with pytest.raises(TakenAlready, match="octo/hello#1 has an active run already; see `aip queue show octo/hello#1`"):
        request(late, REF, WORD, is_forced=False, is_dry_run=False)
    with poller.ledger.read() as db:
        assert [run.requested_by for run in queries.backlog(db)] == ["poll"]
        assert queries.audit_trail(db) == ()

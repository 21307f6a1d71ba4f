"""An operator's retry while a poll looks at the same issue."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.ledger import endings, issues, queries, runs
from processor.ledger.operators import Act
from processor.model import Outcome
from processor.operations.requeue import NotRetried, retry
from tests.beside import beside
from tests.operations.conftest import NOW, REF

WORD = Act(actor="ada", action="queue.retry", target=str(REF), reason="the disk has room again")


@pytest.fixture
def poller(poller: Poller) -> Poller:
    """Have the issue's only run given up."""
    give_up(poller, poll(poller, REF.repository).queued[0])
    return poller


def give_up(poller: Poller, run_id: str) -> None:
    with poller.ledger.write() as db:
        endings.finish(db, run_id, endings.Ending(outcome=Outcome.ERROR, is_dead_letter=True), NOW)


def while_retrying(poller: Poller, happens: Callable[[], object]) -> Poller:
    """Give a poller beside which something happens before each write, so also between the decision and the record."""
    return replace(poller, ledger=beside(poller.ledger, happens, happens))


def test_a_poll_cannot_take_the_issue_away_from_the_operator_who_asks(poller):
    beside = while_retrying(poller, lambda: poll(poller, REF.repository))
    done = retry(beside, REF, WORD, again=False)
    with poller.ledger.read() as db:
        assert [run.run_id for run in queries.backlog(db)] == [done.run_id]
        assert runs.get(db, done.run_id).requested_by == "ada"


def test_who_is_second_is_told_and_leaves_no_word_behind(poller):
    def first() -> None:
        with poller.ledger.write() as db:
            issues.request_retry(db, REF, "retry")
        (run_id,) = poll(poller, REF.repository).queued
        others.append(run_id)

    others: list[str] = []
    with pytest.raises(NotRetried, match="octo/hello#1 has an active run already; see `aip queue show octo/hello#1`"):
        retry(while_retrying(poller, first), REF, WORD, again=False)
    with poller.ledger.read() as db:
        assert [run.run_id for run in queries.backlog(db)] == others
        assert queries.audit_trail(db) == ()

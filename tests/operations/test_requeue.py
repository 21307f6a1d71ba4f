"""An operator's retry while a poll looks at the same issue."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from processor.forge import Forge
from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.ledger import endings, issues, queries, runs
from processor.ledger.operators import Act
from processor.model import IssueRef, Outcome
from processor.operations.requeue import NotRetried, retry
from processor.service.assembly import assemble
from processor.settings.load import load_settings
from tests.beside import beside

REF = IssueRef("octo/hello", 1)
NOW = 1_770_000_000.0
WORD = Act(actor="ada", action="queue.retry", target=str(REF), reason="the disk has room again")


@pytest.fixture
def poller(tmp_path: Path) -> Iterator[Poller]:
    """Have an issue whose only run was given up."""
    with Forge(tmp_path / "forge") as forge:
        forge.create_repository(REF.repository, labels=["auto-processable"])
        forge.open_issue(REF.repository, "Greet", labels=["auto-processable"], author="octo")
        (tmp_path / "token").write_text(forge.create_token("octo"))
        main = {
            "repositories": [{"name": REF.repository, "agent": "tidy"}],
            "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
            "github": {"base_url": forge.api_url, "token_file": str(tmp_path / "token"), "seconds_between_requests": 0},
            "state": {"directory": str(tmp_path / "state")},
        }
        (tmp_path / "auto_issue_processor.yaml").write_text(yaml.safe_dump(main))
        with closing(assemble(load_settings(tmp_path, {}), {})) as parts:
            made = Poller(parts.settings, parts.ledger, parts.github, lambda: NOW)
            give_up(made, poll(made, REF.repository).queued[0])
            yield made


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

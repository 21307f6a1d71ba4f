"""A person wants one issue processed now, while others look at it too."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from processor.forge import Forge
from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.ledger import queries
from processor.ledger.operators import Act
from processor.ledger.runs import TakenAlready
from processor.model import IssueRef
from processor.operations.one_issue import request
from processor.service.assembly import assemble
from processor.settings.load import load_settings
from tests.beside import beside

REF = IssueRef("octo/hello", 1)
NOW = 1_770_000_000.0
WORD = Act(actor="ada", action="once", target=str(REF))


@pytest.fixture
def poller(tmp_path: Path) -> Iterator[Poller]:
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
            yield Poller(parts.settings, parts.ledger, parts.github, lambda: NOW)


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

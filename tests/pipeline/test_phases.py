"""A phase that has ended is not done again, though the engine asks once more because it was killed before it knew."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from processor.forge import Forge
from processor.github_client import GitHubClient
from processor.ledger import families, operators, queries, runs
from processor.model import Issue, IssueRef, Phase, Priority
from processor.operations.cancel import cancel
from processor.pipeline import steps
from processor.pipeline.context import Context
from processor.pipeline.finish import finish
from processor.pipeline.holding import while_ours
from processor.pipeline.phase_end import PhaseEnd
from processor.settings.sections import GateFile, MainFile, SecurityFile, Settings
from tests.acceptance.system import AGENT, FILES
from tests.new_ledger import new_ledger

REF = IssueRef("octo/hello", 1)
NOW = 1_770_000_000.0


@dataclass
class Neighbour:
    """GitHub, beside whose answer about an issue something else happens."""

    github: GitHubClient
    happens: Callable[[], None]

    def get_issue(self, ref: IssueRef) -> Issue:
        """Let it happen, then ask."""
        self.happens()
        return self.github.get_issue(ref)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.github, name)


@dataclass
class Host:
    """A service that has one run, and asks for its phases."""

    context: Context
    marks: Path
    run_id: str = ""

    def begin(self, agent: str) -> None:
        """Have a run of the issue, with a scripted agent."""
        main = self.context.settings.main.model_copy(update={"default_agent": agent})
        following = self.context.settings.model_copy(update={"main": main})
        self.context = replace(self.context, settings_now=lambda: following)
        with self.context.ledger.write() as db:
            new = runs.NewRun(
                ref=REF, title="Fix the greeting", priority=Priority.MEDIUM, issue_created_at=1.0, discovered_at=1.0,
                branch="auto-fix/issue-1", sequence=1, requested_by="poll",
            )  # fmt: skip
            self.run_id = runs.queue(db, new, NOW)
            runs.release(db, self.run_id, "host-a", NOW)
        assert steps.begin(self.context, self.run_id)

    def ask_twice(self, phase: Phase) -> PhaseEnd:
        """Do a phase, and say that the engine hears the same when it asks again."""
        first = steps.run_phase(self.context, self.run_id, 1, phase)
        done = self.work_done()
        assert steps.run_phase(self.context, self.run_id, 1, phase) == first
        assert self.work_done() == done
        return first

    def record(self) -> tuple[object, ...]:
        """Read all that the ledger has of the run."""
        with self.context.ledger.read() as db:
            return (
                runs.get(db, self.run_id), queries.phases_of_run(db, self.run_id),
                queries.attempts_of_run(db, self.run_id), runs.get_change(db, self.run_id),
                queries.gate_report_json(db, self.run_id),
            )  # fmt: skip

    def work_done(self) -> dict[str, int]:
        """Count what agents and checks did."""
        judged = self.marks / "judged"
        return {
            "agent": len(list(self.marks.glob("environment-*"))),
            "gate": len(judged.read_text().splitlines()) if judged.exists() else 0,
        }


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    marks = tmp_path / "marks"
    marks.mkdir()
    with Forge(tmp_path / "forge") as forge:
        forge.create_user("octo")
        forge.create_repository(REF.repository, files=FILES)
        forge.open_issue(REF.repository, "Fix the greeting", "It says helo.", author="octo")
        settings = _settings(forge, tmp_path, marks)
        ledger, token = new_ledger(settings.main.state), forge.create_token("octo")
        with GitHubClient(settings.main.github, lambda: token, environ={}) as github:
            context = Context(
                settings_now=lambda: settings, ledger=ledger, github=github, environ={}, instance="host-a",
                clock=lambda: NOW,
            )  # fmt: skip
            yield Host(context, marks)
        ledger.close()


def _settings(forge: Forge, root: Path, marks: Path) -> Settings:
    agents: dict[str, Any] = {
        kind: {
            "kind": "command", "profile": "plain", "prompt": "stdin",
            "argv": [sys.executable, str(AGENT), kind, str(marks)],
        }
        for kind in ("edit", "break", "fail")
    }  # fmt: skip
    main = {
        "github": {"base_url": forge.api_url, "seconds_between_requests": 0.0, "seconds_between_writes": 0.0},
        "agents": agents,
        "engine": {"retries": {"agent_exit": {"attempts": 2, "first_delay_seconds": 5}}},
        "state": {"directory": root / "state"},
        "logs": {"directory": root / "logs"},
    }
    checks = [{"name": "counted", "argv": ["sh", "-c", f"echo x >> {marks}/judged"]}]
    return Settings(
        main=MainFile.model_validate(main),
        gate=GateFile.model_validate({"checks": checks}),
        security=SecurityFile(sandbox="off"),
    )


def test_each_phase_is_done_once_and_its_end_told_again(host: Host) -> None:
    host.begin("edit")
    ends = [host.ask_twice(phase) for phase in Phase]
    assert [end["result"] for end in ends] == ["ok", "ok", "ok", "end"]
    assert (ends[-1]["outcome"], host.work_done()["agent"]) == ("success", 1)


def test_a_rejection_stays_what_it_was(host: Host) -> None:
    host.begin("break")
    ends = [host.ask_twice(phase) for phase in (Phase.PREPARE, Phase.AGENT, Phase.GATE)]
    assert (ends[-1]["outcome"], "greeting.py" in ends[-1]["error_message"]) == ("rejected", True)


def test_a_try_that_failed_is_not_made_again_before_its_time(host: Host) -> None:
    host.begin("fail")
    host.ask_twice(Phase.PREPARE)
    end = host.ask_twice(Phase.AGENT)
    assert (end["result"], end["retry_at"], end["error_type"]) == ("retry", NOW + 5, "agent_exit")
    with host.context.ledger.read() as db:
        assert [total.value for total in queries.totals_of(db, families.RETRIES)] == [1]


def test_a_run_that_was_cancelled_stays_so(host: Host) -> None:
    host.begin("edit")
    word = operators.Act(actor="ada", action="queue.cancel", target=str(REF))
    cancel(host.context.ledger, host.run_id, word, NOW)
    end = host.ask_twice(Phase.PREPARE)
    assert (end["outcome"], end["error_message"]) == ("cancelled", "cancelled by ada")


def test_a_service_that_leaves_begins_no_phase_that_would_look_cut_short(host: Host) -> None:
    host.begin("edit")
    before, is_asked = host.record(), threading.Event()

    def stopping() -> bool:
        is_asked.set()
        return True

    leaving = replace(host.context, stopping=stopping)
    phase = threading.Thread(target=steps.run_phase, args=(leaving, host.run_id, 1, Phase.PREPARE), daemon=True)
    phase.start()
    assert is_asked.wait(60)
    with host.context.ledger.write():  # waits for the transaction in which it was asked
        pass
    assert host.record() == before
    assert phase.is_alive()


class Parked(Exception):
    """The place where a thread would wait for the end of its service."""


def park() -> NoReturn:
    raise Parked


@pytest.mark.parametrize("phase", list(Phase))
def test_a_service_whose_run_was_taken_over_records_nothing_more_for_it(host: Host, phase: Phase) -> None:
    host.begin("edit")
    for earlier in list(Phase)[: list(Phase).index(phase)]:
        steps.run_phase(host.context, host.run_id, 1, earlier)
    with host.context.ledger.write() as db:
        assert runs.take_over(db, "host-a", "host-b") == (host.run_id,)
    before = host.record()
    for work in (
        lambda mine: steps.begin(mine, host.run_id),
        lambda mine: steps.run_phase(mine, host.run_id, 1, phase),
        lambda mine: finish(mine, host.run_id, "success", "", ""),
    ):
        with pytest.raises(Parked):
            while_ours(host.context, host.run_id, work, park)
    assert host.record() == before
    heir = replace(host.context, instance="host-b")
    assert while_ours(heir, host.run_id, lambda mine: steps.run_phase(mine, host.run_id, 1, phase))["error_type"] == ""


def test_what_an_agent_brings_after_its_run_was_taken_over_is_dropped(host: Host) -> None:
    host.begin("edit")
    steps.run_phase(host.context, host.run_id, 1, Phase.PREPARE)

    def taken_over() -> None:
        with host.context.ledger.write() as db:
            runs.take_over(db, "host-a", "host-b")

    # It asks for the issue after the start of its phase is recorded, and before the agent begins.
    late = replace(host.context, github=Neighbour(host.context.github, taken_over))
    with pytest.raises(Parked):
        while_ours(late, host.run_id, lambda mine: steps.run_phase(mine, host.run_id, 1, Phase.AGENT), park)
    with host.context.ledger.read() as db:
        assert runs.get_change(db, host.run_id) is None
        assert queries.usage_of_run(db, host.run_id) == ()


def test_an_agent_that_brought_its_change_is_not_paid_again_by_a_phase_that_was_cut_short(host: Host) -> None:
    host.begin("edit")
    for phase in (Phase.PREPARE, Phase.AGENT):
        steps.run_phase(host.context, host.run_id, 1, phase)
    with host.context.ledger.write() as db:  # as a kill leaves it between the change and the end of the phase
        db.exec_driver_sql("UPDATE phases SET ended_at = NULL WHERE phase = 'agent'")
    assert steps.run_phase(host.context, host.run_id, 1, Phase.AGENT)["result"] == "ok"
    assert host.work_done()["agent"] == 1


def test_a_change_that_was_judged_is_not_judged_again_by_a_phase_that_was_cut_short(host: Host) -> None:
    host.begin("edit")
    for phase in (Phase.PREPARE, Phase.AGENT, Phase.GATE):
        steps.run_phase(host.context, host.run_id, 1, phase)
    with host.context.ledger.write() as db:  # as a kill leaves it between the report and the end of the phase
        db.exec_driver_sql("UPDATE phases SET ended_at = NULL WHERE phase = 'gate'")
    done = host.work_done()
    assert steps.run_phase(host.context, host.run_id, 1, Phase.GATE)["result"] == "ok"
    assert host.work_done() == done

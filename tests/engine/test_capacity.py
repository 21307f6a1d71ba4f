"""How much is done at once is changed while the engine works."""

import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from processor.engine.durable import EngineDatabase
from processor.engine.executor import Engine
from processor.engine.liveness import FileLiveness
from processor.github_client import GitHubClient
from processor.intake.capacity import capacity_of
from processor.ledger import queries
from processor.pipeline.context import Context
from processor.settings.sections import MainFile, Settings, State
from tests.acceptance.system import System, wait_until
from tests.engine import capacity_changes
from tests.new_ledger import new_ledger


def test_more_places_are_used_at_once_and_fewer_end_nothing(system: System) -> None:
    system.settings["max_parallel"] = 5
    for number in range(6):
        system.open_issue(f"Fix greeting {number}", labels=["agent:wait"])
    system.write_settings()
    engine = subprocess.Popen(
        [sys.executable, capacity_changes.__file__, str(system.root / "configs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=system.root,
        env=system.environment,
    )
    try:
        wait_until(lambda: agents(system) == 1, "one agent")
        assert active(system) == 1
        set_places(engine, 3)
        wait_until(lambda: agents(system) == 3, "three agents")
        assert active(system) == 3
        set_places(engine, 1)
        (system.marks / "agent-go").touch()
        wait_until(lambda: finished(system) == 6, "all to end", 90)
    finally:
        engine.kill()
        engine.communicate()
    with system.ledger.read() as db:
        last = sorted(queries.recent_runs(db, 10), key=lambda run: run.started_at or 0.0)[3:]
    # With one place each of the last three began when the one before had ended.
    assert all((later.started_at or 0) >= (run.finished_at or 0) for run, later in pairwise(last))


def test_a_change_that_the_database_could_not_take_is_none_yet(tmp_path: Path) -> None:
    settings = Settings(main=MainFile(state=State(directory=tmp_path)))
    low, high = (capacity_of(settings.main, level, "set by hand") for level in ("low", "high"))
    with closing(new_ledger(settings.main.state)) as ledger, GitHubClient(settings.main.github, str, environ={}) as hub:
        context = Context(settings_now=lambda: settings, ledger=ledger, github=hub, environ={}, instance="host-a")
        database = EngineDatabase(f"sqlite:///{tmp_path / 'engine.sqlite'}")
        engine = Engine(context, database, FileLiveness(tmp_path), low)
        engine.set_capacity(high)  # it is not started, which is as if its database were away
        assert engine.capacity == low


def set_places(engine: subprocess.Popen[bytes], number: int) -> None:
    """Have the engine work at so many places, and wait until it does."""
    assert engine.stdin is not None
    assert engine.stdout is not None
    engine.stdin.write(b"%d\n" % number)
    engine.stdin.flush()
    while engine.stdout.readline() != b"%d\n" % number:  # its log goes there too
        assert engine.poll() is None


def agents(system: System) -> int:
    return len(list(system.marks.glob("environment-*")))


def active(system: System) -> int:
    with system.ledger.read() as db:
        return len(queries.active_runs(db))


def finished(system: System) -> int:
    with system.ledger.read() as db:
        return len(queries.recent_runs(db, 10))

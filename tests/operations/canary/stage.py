"""A sandbox on a forge, and the canaries of installations that work in it, under a clock of our own."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from processor.forge import Forge
from processor.github_client import GitHubClient
from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.ledger import queries
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import Phase
from processor.operations.canary.keeping import Canary
from processor.pipeline import announcement, finish, steps
from processor.pipeline.context import Context
from processor.settings.sections import MainFile, SecurityFile, Settings
from tests.acceptance.system import AGENT, FILES

SANDBOX = "octo/sandbox"
LIMIT = 600.0


@dataclass
class Clock:
    """A time that passes when a test says so."""

    now: float

    def __call__(self) -> float:
        return self.now


@dataclass
class Stage:
    """A sandbox on a forge, and services that share a ledger."""

    forge: Forge
    context: Context
    clock: Clock
    woken: int = 0

    def service(self, instance: str = "host-a") -> Canary:
        """Give the canary of a service that has just started."""

        def wake(*, is_new: bool) -> None:
            self.woken += is_new

        return Canary(replace(self.context, instance=instance), wake)

    def round(self) -> CanaryRound:
        """Read the newest round."""
        with self.context.ledger.read() as db:
            return queries.canary_rounds_recent(db, 1)[0]

    def has_ended(self) -> bool:
        """Tell whether there is a round, and it has its result."""
        with self.context.ledger.read() as db:
            return any(one.result is not None for one in queries.canary_rounds_recent(db, 1))

    def in_force(self, **main: object) -> None:
        """Start the services that come with other settings."""
        earlier = self.context.settings
        following = earlier.model_copy(update={"main": earlier.main.model_copy(update=main)})
        self.context = replace(self.context, settings_now=lambda: following)

    def poll(self) -> tuple[str, ...]:
        """Poll the sandbox as the service does."""
        context = self.context
        return poll(Poller(context.settings, context.ledger, context.github, context.clock), SANDBOX).queued

    def work(self, run_id: str) -> RunRecord:
        """Do a run as the engine does."""
        steps.begin(self.context, run_id)
        ended = next(
            end for phase in Phase if (end := steps.run_phase(self.context, run_id, 1, phase))["result"] != "ok"
        )
        finish.finish(self.context, run_id, ended["outcome"], ended["error_type"], ended["error_message"])
        announcement.announce(self.context, run_id)
        return self.context.load(run_id)

    def go_through(self, service: Canary) -> CanaryRound:
        """Have a service make the round that is due, its run ended as well as it can; give the round."""
        service.look()
        for run_id in self.poll():
            self.work(run_id)
        service.look()
        service.look()
        return self.round()

    @property
    def installation(self) -> str:
        """The id of the installation."""
        with self.context.ledger.read() as db:
            return queries.installations(db).own or ""

    def open_issues(self) -> list[int]:
        """List what is open in the sandbox."""
        return [issue.number for issue in self.forge.issues(SANDBOX, state="open")]


@contextmanager
def sandbox(root: Path, ledger: Ledger | None = None) -> Iterator[Stage]:
    """Give one installation and its sandbox; without a ledger it gets one of its own."""
    clock = Clock(time.time())
    with Forge(root / "forge", clock=lambda: datetime.fromtimestamp(clock.now, UTC)) as forge:
        forge.create_user("octo")
        forge.create_repository(SANDBOX, files=FILES)
        with installation(forge, root, clock, ledger) as stage:
            yield stage


@contextmanager
def installation(forge: Forge, root: Path, clock: Clock, ledger: Ledger | None = None) -> Iterator[Stage]:
    """Give an installation; without a ledger it gets one of its own."""
    settings = _settings(forge, root)
    ledger = ledger or open_ledger(settings.main.state)
    token = forge.create_token("octo")
    with GitHubClient(settings.main.github, lambda: token, environ={}) as github:
        context = Context(
            settings_now=lambda: settings, ledger=ledger, github=github, environ={}, instance="host-a", clock=clock
        )
        yield Stage(forge, context, clock)
    ledger.close()


def _settings(forge: Forge, root: Path) -> Settings:
    (root / "marks").mkdir(parents=True)
    agent: dict[str, Any] = {
        "kind": "command", "profile": "plain", "prompt": "stdin",
        "argv": [sys.executable, str(AGENT), "edit", str(root / "marks")],
    }  # fmt: skip
    github = {"base_url": forge.api_url, "seconds_between_requests": 0.0, "seconds_between_writes": 0.0}
    main = {
        "github": {**github, "timeout_seconds": 5.0, "max_wait_seconds": 0.1},
        "agents": {"edit": agent},
        "default_agent": "edit",
        "canary": {"repository": SANDBOX, "time_limit_seconds": LIMIT},
        "state": {"directory": root / "state"},
        "logs": {"directory": root / "logs"},
    }
    return Settings(main=MainFile.model_validate(main), security=SecurityFile(sandbox="off"))

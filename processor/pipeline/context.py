"""What the phases work with: settings, ledger, GitHub, the clock, and the word that an operator wants out."""

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol, Self

import psutil

from processor.errors import DatabaseAway, ErrorType, RunCancelled, RunDeadlineExceeded
from processor.github_client import GitHubClient
from processor.ledger import runs, services
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord
from processor.ledger.run_ledger import RunLedger
from processor.model import RunState
from processor.pipeline.recent_repositories import RecentRepositories
from processor.settings.sections import RepositorySettings, Settings
from processor.workspace import Mirror

_CANCEL_CHECK_SECONDS = 0.5


class Journal(Protocol):
    """Where the end of a run is told beside the ledger: the operator's log."""

    def run_finished(self, run: RunRecord, *, is_first: bool) -> None:
        """Take note; an end that is told again may have been noted before."""

    def retry_scheduled(self, run: RunRecord, error_type: ErrorType, *, attempt: int, delay_seconds: float) -> None:
        """Take note that a failed attempt is tried again."""


class NoJournal:
    """Writes nothing: the operator's log is the service's alone."""

    def run_finished(self, run: RunRecord, *, is_first: bool) -> None:
        """Take no note."""

    def retry_scheduled(self, run: RunRecord, error_type: ErrorType, *, attempt: int, delay_seconds: float) -> None:
        """Take no note."""


@dataclass(frozen=True)
class Context:
    """The parts that a run is made of, handed to every phase.

    `environ` is the service's own environment, from which allow-lists pick. `stopping` is set when the service must
    leave at once: what ends because of that is recorded by nobody and runs again at the next start. `settings_now`
    gives the settings in force at this moment; what must not change in mid-phase asks once.
    """

    settings_now: Callable[[], Settings]
    ledger: Ledger
    github: GitHubClient
    environ: Mapping[str, str]
    instance: str
    clock: Callable[[], float] = time.time
    stopping: Callable[[], bool] = field(default=lambda: False)
    journal: Journal = field(default_factory=NoJournal)

    @property
    def settings(self) -> Settings:
        """The settings in force at this moment."""
        return self.settings_now()

    @cached_property
    def repositories(self) -> RecentRepositories:
        """What GitHub said of repositories lately."""
        return RecentRepositories(self.github)

    @property
    def root(self) -> Path:
        """The folder of our own data."""
        return self.settings.main.state.directory

    def for_run(self, run_id: str) -> Self:
        """Give the same parts for the work on one run: the ledger takes writes only while the run is this service's."""
        ledger = RunLedger(self.ledger.engine, self.ledger.patience_seconds, run_id, self.instance)
        mine = replace(self, ledger=ledger)
        vars(mine)["repositories"] = self.repositories  # what is remembered serves all runs
        return mine

    def now(self) -> datetime:
        """Tell the time as an aware value."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def repository(self, name: str) -> RepositorySettings:
        """Find the settings of a repository; one that is not listed gets the defaults (`aip once`)."""
        wanted, listed = name.lower(), self.settings.main.served
        return next((one for one in listed if one.name.lower() == wanted), RepositorySettings(name=name))

    def mirror(self, run: RunRecord) -> Mirror:
        """Give the local copy of a run's repository; a cancel of the run cuts its talk with the server short."""
        repository = run.ref.repository
        return Mirror(
            self.root,
            repository,
            self.repositories.get(repository).clone_url,
            self.github.get_git_access,
            should_stop=self.stop_watch(run.run_id),
        )

    def output_directory(self, run_id: str) -> Path:
        """Give the folder that holds what agents and checks of a run print."""
        directory = self.settings.main.logs.directory / "runs" / run_id
        directory.mkdir(parents=True, exist_ok=True)
        return directory

    def load(self, run_id: str) -> RunRecord:
        """Read a run as it stands."""
        with self.ledger.read() as db:
            return runs.get(db, run_id)

    def seconds_left(self, run: RunRecord) -> float:
        """Tell how long the run may still take.

        Raises:
            RunDeadlineExceeded: no time is left.
        """
        limit = self.settings.main.engine.run_deadline_seconds
        left = (run.started_at or self.clock()) + limit - self.clock()
        if left <= 0:
            raise self.deadline_error()
        return left

    def deadline_error(self) -> RunDeadlineExceeded:
        """Make the error of a run that has used up its time."""
        limit = self.settings.main.engine.run_deadline_seconds
        return RunDeadlineExceeded(
            f"the run took longer than its limit of {limit:g} s; raise engine.run_deadline_seconds or split the issue"
        )

    def raise_if_cancelled(self, run_id: str) -> None:
        """Stop here when an operator said so.

        Raises:
            RunCancelled: an operator cancelled the run.
        """
        run = self.load(run_id)
        if run.cancel_requested_at is not None:
            raise RunCancelled(f"cancelled by {run.cancel_requested_by}")

    def stop_watch(self, run_id: str) -> Callable[[], bool]:
        """Give a cheap question for long work: must it stop now? The ledger is asked twice a second at most."""
        asked_at = 0.0
        answer = False
        impatient = self.ledger.patient(0)

        def should_stop() -> bool:
            nonlocal asked_at, answer
            if self.stopping():
                return True
            if time.monotonic() - asked_at >= _CANCEL_CHECK_SECONDS:
                asked_at = time.monotonic()
                with contextlib.suppress(DatabaseAway):  # the work goes on; what it brings is recorded later
                    with impatient.read() as db:
                        run = runs.get(db, run_id)
                    answer = run.cancel_requested_at is not None or run.state is RunState.FINISHED
            return answer

        return should_stop

    def process_group_keeper(self, run_id: str) -> Callable[[int], None]:
        """Give the function that remembers a process group, so that a start after a crash can end it."""

        def remember(process_group: int) -> None:
            started_at = psutil.Process(process_group).create_time()
            group = services.ProcessGroup(
                run_id=run_id,
                process_group=process_group,
                instance=self.instance,
                leader_started_at=started_at,
            )
            with self.ledger.write() as db:
                services.note_process_group(db, group)

        return remember

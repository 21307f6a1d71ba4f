"""Writes into a ledger what services would have written, at the times that a test wants."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from processor.ledger import endings, host_hours, incidents, overrides, progress, pull_requests, runs, services
from processor.ledger.connection import Ledger
from processor.ledger.host_hours import HostReading
from processor.ledger.incidents import AlertNotice, AlertStatus
from processor.ledger.overrides import Override
from processor.ledger.schema import facts
from processor.ledger.services import ServiceRecord, Work
from processor.model import CiState, IssueRef, Outcome, Phase, Priority, PullRequest, Reviews, ReviewState, Usage

TOKYO = ZoneInfo("Asia/Tokyo")
REPOSITORY = "octo/hello"
#: How the time of work is divided.
_SHARES = {Phase.PREPARE: 0.1, Phase.AGENT: 0.6, Phase.GATE: 0.2, Phase.PUBLISH: 0.1}


def at(text: str, zone: ZoneInfo = TOKYO, *, fold: int = 0) -> float:
    """Give the seconds of the epoch of a local time such as `2026-11-26T09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


@dataclass
class Scene:
    """One ledger that began long ago."""

    ledger: Ledger
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def begin(self, moment: float) -> None:
        """Have the ledger begin at a time."""
        with self.ledger.write() as db:
            db.execute(update(facts).where(facts.c.key == "born_at").values(value=repr(moment)))

    def finish(
        self,
        ended_at: float,
        outcome: Outcome = Outcome.SUCCESS,
        *,
        seconds: float = 100.0,
        priority: Priority = Priority.MEDIUM,
        repository: str = REPOSITORY,
        error_type: str = "agent_exit",
        dollars: float | None = None,
        merged_after: float | None = None,
        is_dry_run: bool = False,
    ) -> str:
        """Have a run that worked for so many seconds; a success has a pull request."""
        number = next(self._numbers)
        ref = IssueRef(repository, number)
        new = runs.NewRun(
            ref=ref, title="Greet the world", priority=priority, issue_created_at=1.0, discovered_at=1.0,
            branch=f"auto-fix/issue-{number}", sequence=1, requested_by="poll", is_dry_run=is_dry_run,
        )  # fmt: skip
        with self.ledger.write() as db:
            run_id = runs.queue(db, new, ended_at - seconds - 5)
            runs.release(db, run_id, "host-a", ended_at - seconds)
            runs.start(db, run_id, "host-a", ended_at - seconds)
            self._work(db, run_id, ended_at - seconds, seconds, is_counted=not is_dry_run)
            spent = Usage(input_tokens=1000, output_tokens=50, cost_dollars=dollars)
            progress.record_usage(db, run_id, 1, "claude", spent, is_counted=not is_dry_run)
            if outcome is Outcome.SUCCESS and not is_dry_run:
                self._publish(db, run_id, ended_at, merged_after)
            is_bad = outcome in {Outcome.ERROR, Outcome.TIMEOUT}
            endings.finish(
                db, run_id, endings.Ending(outcome=outcome, error_type=error_type if is_bad else None), ended_at
            )
        return run_id

    def incident(self, alert: str, severity: str, began_at: float, ended_at: float | None = None) -> None:
        """Have an alert fire."""
        notice = AlertNotice(
            fingerprint=alert, alert=alert, severity=severity, labels={}, annotations={}, starts_at=began_at,
            status=AlertStatus.FIRING if ended_at is None else AlertStatus.RESOLVED, ends_at=ended_at,
        )  # fmt: skip
        with self.ledger.write() as db:
            incidents.record(db, notice, began_at + 30)

    def carry(self, host: str, shares: Mapping[float, float]) -> None:
        """Have a host use this share of its processors at each time, and half of it of its memory."""
        with self.ledger.write() as db:
            for moment, share in shares.items():
                reading = HostReading(cpu_ratio=share, memory_ratio=share / 2, disk_ratio=0.5, load_per_core=2 * share)
                host_hours.add_reading(db, host, reading, moment)

    def stand(self, now: float) -> None:
        """Have a service at work, a backlog, an issue that was given up, and a relaxed gate."""
        work = Work(capacity_level="medium", capacity_reason="", max_parallel=3, poll_interval_seconds=900,
                    settings_change=0)  # fmt: skip
        service = ServiceRecord(instance="host-a", host="host-a", pid=1, url="", state="running", started_at=now - 9,
                                heartbeat_at=now - 1)  # fmt: skip
        relaxed = Override(key="gate.minimum_score", value=60, set_at=now - 60, set_by="sato@ops", reason="release",
                           expires_at=now + 7200)  # fmt: skip
        with self.ledger.write() as db:
            services.announce(db, service)
            services.note_work(db, "host-a", work)
            overrides.put(db, relaxed, 70)
            for place, priority in enumerate((Priority.HIGH, Priority.HIGH, Priority.MEDIUM, Priority.LOW)):
                ref = IssueRef(REPOSITORY, 900 + place)
                new = runs.NewRun(ref=ref, title="Wait", priority=priority, issue_created_at=1.0, discovered_at=1.0,
                                  branch=f"auto-fix/issue-{ref.number}", sequence=1, requested_by="poll")  # fmt: skip
                runs.queue(db, new, now - 100)
            lost = runs.queue(db, replace(new, ref=IssueRef(REPOSITORY, 950), branch="auto-fix/issue-950"), 1.0)
            endings.finish(db, lost, endings.Ending(outcome=Outcome.ERROR, error_type="git", is_dead_letter=True), 2.0)

    @staticmethod
    def _work(db: Connection, run_id: str, began_at: float, seconds: float, *, is_counted: bool) -> None:
        progress.start_attempt(db, run_id, 1, began_at)
        moment = began_at
        for phase, share in _SHARES.items():
            progress.start_phase(db, run_id, 1, phase, moment)
            moment += share * seconds
            progress.end_phase(db, run_id, phase, "ok", moment, attempt=1, is_counted=is_counted)

    @staticmethod
    def _publish(db: Connection, run_id: str, moment: float, merged_after: float | None) -> None:
        run = runs.get(db, run_id)
        number = 1000 + run.ref.number
        pull = PullRequest(
            repository=run.ref.repository, number=number, title="", body="", is_draft=True, base_branch="main",
            url=f"https://github.com/{run.ref.repository}/pull/{number}", head_branch=run.branch, head_sha="a" * 40,
            head_repository=run.ref.repository, is_open=merged_after is None, is_merged=merged_after is not None,
            created_at=datetime.fromtimestamp(moment, UTC),
            merged_at=None if merged_after is None else datetime.fromtimestamp(moment + merged_after, UTC),
            closed_at=None if merged_after is None else datetime.fromtimestamp(moment + merged_after, UTC),
        )  # fmt: skip
        pull_requests.record_opened(db, run, pull, moment)
        pull_requests.record_follow_up(db, pull, Reviews(ReviewState.NONE), CiState.NONE, moment)

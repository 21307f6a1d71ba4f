"""What the API answers, read from the ledger: the handbook's keys and units (percent and seconds)."""

from dataclasses import dataclass
from typing import Any

from processor.intake.first_start import would_take
from processor.ledger import operators, overrides, queries, services
from processor.ledger.connection import Ledger
from processor.ledger.families import RUN_DURATION, RUNS
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import PROCESSED_OUTCOMES, Outcome, Priority

#: States that a command gives to a service that does not answer.
NOT_ALIVE = frozenset({"stopped", "unreachable"})


@dataclass(frozen=True, kw_only=True)
class ServiceState:
    """What the running service knows of itself."""

    instance: str
    state: str  #: starting, running, draining; stopped or unreachable when a command tells it from the ledger
    started_at: float | None  #: None when no service was ever started
    is_dry_run: bool
    agent_limit_seconds: float
    max_parallel: int
    capacity_level: str
    last_poll_success_at: float | None
    last_poll_error: str | None
    next_poll_at: float | None
    github_limited_until: float | None
    capacity_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HostUse:
    """What this host carries and what the service takes of it: percent, and the load average of the last minute."""

    cpu_percent: float | None
    memory_percent: float
    disk_usage: float | None
    load_average: float
    pid: int
    process_cpu_percent: float
    process_memory_percent: float


def status(ledger: Ledger, service: ServiceState, now: float) -> dict[str, Any]:
    """Say what is going on; `active_tasks` is a list, one object a run."""
    with ledger.read() as db:
        active = queries.active_runs(db)
        backlog = queries.backlog(db)
        paused = operators.get_control(db, operators.PAUSED)
        waiting = queries.waiting_issues(db)
        mean = queries.mean_duration_seconds(db) if waiting else None
        others = [record for record in services.list_services(db) if record.is_alive(now)]
        limits = queries.github_rate_limits(db)
        changed = [one for one in overrides.list_overrides(db) if one.is_in_force(now)]
        rounds = queries.canary_rounds_recent(db, 1)
    work = would_take(
        waiting, mean_seconds=mean, limit_seconds=service.agent_limit_seconds, parallel=max(1, service.max_parallel)
    )
    is_alive = service.started_at is not None and service.state not in NOT_ALIVE
    return {
        "instance": service.instance,
        "state": "paused" if paused is not None and service.state == "running" else service.state,
        "started_at": service.started_at,
        "uptime_seconds": round(now - (service.started_at or now), 1) if is_alive else None,
        "is_dry_run": service.is_dry_run,
        "active_tasks": [_task(run, now) for run in active],
        "max_parallel": service.max_parallel,
        "capacity_level": service.capacity_level,
        "capacity_reason": service.capacity_reason,
        "settings_changed": {one.key: {"value": one.value, "expires_at": one.expires_at} for one in changed},
        "queued": {
            str(priority): sum(run.priority is priority for run in backlog if not run.is_canary)
            for priority in Priority
        },
        "waiting_for_operator": waiting,
        "waiting_seconds_estimated": work.seconds if waiting else None,
        "paused": None if paused is None else {"by": paused.set_by, "at": paused.set_at, "reason": paused.reason},
        "canary": _round(rounds[0]) if rounds else None,
        "last_poll_success_at": service.last_poll_success_at,
        "last_poll_error": service.last_poll_error,
        "next_poll_at": service.next_poll_at,
        "github": {
            "limited_until": service.github_limited_until,
            "rate_limits": [limit.__dict__ for limit in limits],
        },
        "services": [record.__dict__ for record in others],
    }


def _round(one: CanaryRound) -> dict[str, Any]:
    return {
        "result": None if one.result is None else str(one.result),
        "reason": one.reason or one.trouble,
        "begun_at": one.begun_at,
        "ended_at": one.ended_at,
    }


def _task(run: RunRecord, now: float) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "issue": str(run.ref),
        "title": run.title,
        "priority": str(run.priority),
        "phase": str(run.phase) if run.phase else None,
        "attempt": run.attempts,
        "agent": run.agent,
        "is_canary": run.is_canary,
        "started_at": run.started_at,
        "age_seconds": round(now - run.started_at, 1) if run.started_at else 0.0,
        "instance": run.executed_by or run.released_by,
    }


def processing(ledger: Ledger) -> dict[str, Any]:
    """Sum up what was processed since the ledger was made.

    `success_rate` and `error_rate` are percent and null when nothing was processed: no work is not 0 % success.
    """
    with ledger.read() as db:
        counted = queries.totals_of(db, RUNS)
        durations = queries.totals_of(db, RUN_DURATION)
        active = sum(not run.is_canary for run in queries.active_runs(db))
        backlog = sum(not run.is_canary for run in queries.backlog(db))
    by_outcome = {outcome: _sum(counted, outcome) for outcome in Outcome}
    total = sum(by_outcome[outcome] for outcome in PROCESSED_OUTCOMES)
    seconds = sum(row.value for row in durations if row.part == "sum")
    failed = by_outcome[Outcome.ERROR] + by_outcome[Outcome.TIMEOUT]
    return {
        "total_issues_processed": total,
        "outcomes": {str(outcome): count for outcome, count in by_outcome.items()},
        "success_rate": round(100 * by_outcome[Outcome.SUCCESS] / total, 2) if total else None,
        "error_rate": round(100 * failed / total, 2) if total else None,
        "average_processing_time": round(seconds / total, 2) if total else None,
        "active_tasks": active,
        "queued": backlog,
    }


def metrics(ledger: Ledger, use: HostUse, now: float) -> dict[str, Any]:
    """Give the handbook's monitor: work, host, service and its three numbers."""
    work = processing(ledger)
    return {
        "timestamp": now,
        "processing": work,
        "system": {
            "cpu_percent": use.cpu_percent,
            "memory_percent": use.memory_percent,
            "disk_usage": use.disk_usage,
            "load_average": use.load_average,
        },
        "process": {
            "pid": use.pid,
            "cpu_percent": use.process_cpu_percent,
            "memory_percent": use.process_memory_percent,
        },
        "application": {
            "total_processed": work["total_issues_processed"],
            "success_rate": work["success_rate"],
            "avg_processing_time": work["average_processing_time"],
        },
    }


def _sum(counted: tuple[queries.Total, ...], outcome: Outcome) -> int:
    return int(sum(row.value for row in counted if row.labels["outcome"] == outcome))

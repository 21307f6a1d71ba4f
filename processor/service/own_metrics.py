"""Publish what the running process knows of itself; `/metrics` answers also while the database is away."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import psutil
from prometheus_client import GCCollector, PlatformCollector, ProcessCollector

from processor.engine.executor import Engine
from processor.errors import LedgerError
from processor.ledger import operators, services
from processor.metrics import CAPACITY_LEVELS, Metrics
from processor.operations.settings_in_force import SettingsInForce
from processor.service.assembly import Parts, instance_name


def publish(metrics: Metrics, engine: Engine, parts: Parts, in_force: SettingsInForce) -> None:
    """Connect the gauges with what they show; it is asked for at each scrape."""
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=metrics.registry)
    metrics.active_tasks.set_function(_LastKnown(lambda: len(engine.active())))
    metrics.agent_processes.set_function(_LastKnown(lambda: len(_agent_processes(parts))))
    metrics.agent_resident_memory.set_function(_LastKnown(lambda: sum(map(_memory, _agent_processes(parts)))))
    metrics.max_parallel.set_function(lambda: engine.parallelism)
    metrics.poll_interval.set_function(lambda: engine.capacity.poll_interval_seconds)
    canary = parts.settings.main.canary
    metrics.canary_interval.set(canary.interval_seconds if canary.repository and canary.enabled else 0)
    metrics.paused.set_function(_LastKnown(lambda: _is_paused(parts)))
    for level in CAPACITY_LEVELS:
        metrics.capacity_level.labels(level).set_function(partial(_is_at, engine, level))
    metrics.reload_successful.set_function(lambda: float(in_force.is_as_written))
    metrics.override_ends.set_function(lambda: {one.key: one.expires_at for one in in_force.standing.overrides})


@dataclass
class _LastKnown:
    """Answers with the last answer while the ledger cannot be asked: a scrape that fails would mean "it is dead"."""

    ask: Callable[[], float]
    answer: float = 0.0

    def __call__(self) -> float:
        try:
            self.answer = float(self.ask())
        except LedgerError:
            return self.answer
        return self.answer


def _is_at(engine: Engine, level: str) -> float:
    return float(engine.capacity.level == level)


def _is_paused(parts: Parts) -> bool:
    with parts.ledger.read() as db:
        return operators.get_control(db, operators.PAUSED) is not None


def _agent_processes(parts: Parts) -> list[psutil.Process]:
    with parts.ledger.read() as db:
        groups = services.list_process_groups(db, instance_name(parts.settings))
    return [process for group in groups for process in _members(group.process_group)]


def _members(process_group: int) -> list[psutil.Process]:
    """Give the leader and what it started; nothing when it ends at this moment."""
    try:
        leader = psutil.Process(process_group)
        return [leader, *leader.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0

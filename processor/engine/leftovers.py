"""At a start, end and remove what an earlier life left on this host: programs, worktrees."""

import contextlib
import os
import socket

import psutil

from processor import logs
from processor.engine.adopt import holder
from processor.errors import DatabaseAway
from processor.ledger import queries, services
from processor.pipeline.context import Context
from processor.processes import end_leftovers, end_process_group
from processor.workspace import sweep

_LOG = logs.get_logger("engine")
#: Clocks of the kernel and of psutil differ by rounding.
_SAME_START_SECONDS = 1.0


def end_programs(context: Context) -> int:
    """End process groups that an earlier life of this instance started, and only those; return how many lived."""
    with context.ledger.read() as db:
        groups = services.list_process_groups(db, context.instance)
    ended = 0
    for group in groups:
        if _is_ours(group):
            end_process_group(group.process_group)
            _LOG.warning(logs.LEFTOVER_ENDED, run_id=group.run_id, process_group=group.process_group)
            ended += 1
        with context.ledger.write() as db:
            services.forget_process_group(db, group.run_id, group.process_group)
    for run_id in {group.run_id for group in groups} - _worked_on_beside_us(context):
        ended += end_leftovers(run_id)  # what left its group, and what a clock that jumped hides from the look above
    return ended


def _worked_on_beside_us(context: Context) -> set[str]:
    """Name the runs that another service of this host has taken over: programs of its own carry their ids now."""
    with context.ledger.read() as db:
        here = {one.instance for one in services.list_services(db) if one.host == socket.gethostname()}
        holders = {run.run_id: holder(run) for run in queries.active_runs(db)}
    return {run_id for run_id, name in holders.items() if name in here - {context.instance}}


def end_own_programs(context: Context) -> None:
    """End every program that this process started, at once; works without the database."""
    groups = set()
    with contextlib.suppress(DatabaseAway), context.ledger.patient(0).read() as db:
        groups = {
            group.process_group for group in services.list_process_groups(db, context.instance) if _is_ours(group)
        }
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(ProcessLookupError):
            groups.add(os.getpgid(child.pid))
    for process_group in groups - {os.getpgrp()}:
        end_process_group(process_group)


def _is_ours(group: services.ProcessGroup) -> bool:
    """Tell a living group of ours from a recycled id: same leader start, or members started after it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        leader = psutil.Process(group.process_group)
        return abs(leader.create_time() - group.leader_started_at) < _SAME_START_SECONDS
    return _has_members(group)


def _has_members(group: services.ProcessGroup) -> bool:
    # The leader is gone. While members live the kernel gives its id to no one else, so they are ours if their group
    # carries the id and they are younger than the leader was.
    for process in psutil.process_iter(["pid", "create_time"]):
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group.process_group:
                return bool(process.info["create_time"] >= group.leader_started_at - _SAME_START_SECONDS)
    return False


def remove_worktrees(context: Context) -> None:
    """Remove worktrees of runs that are over; those of active runs stay for their resumption."""

    def active() -> set[str]:
        with context.ledger.read() as db:
            return {run.run_id for run in queries.active_runs(db)}

    for run_id in sweep(context.root, active):
        _LOG.info(logs.LEFTOVER_REMOVED, run_id=run_id)

"""End what a crash of ours left running of one exact run."""

import os
from collections.abc import Sequence

import psutil

from processor.processes.ending import end_all
from processor.processes.survivors import in_group, marked_with, with_descendants

#: Every program of a run carries its run id in this variable; nothing else on the host does.
RUN_VARIABLE = "AIP_RUN_ID"


def end_leftovers(run_id: str) -> int:
    """End every process of a run, its descendants and its process groups, by exact ownership; return how many lived.

    Ownership is the variable AIP_RUN_ID in the environment a process was started with (Linux). A process that emptied
    its environment and left its group as well is found only in a sandbox, whose process namespace ends with it.

    Raises:
        ValueError: the run id is empty; it would own everything that has an empty variable.
    """
    if not run_id:
        raise ValueError("a run id is needed to end leftovers")
    return end_all(lambda: _members(f"{RUN_VARIABLE}={run_id}"))


def _members(marker: str) -> Sequence[psutil.Process]:
    marked = marked_with(marker)
    # Programs of a run start in a session of their own, so their groups hold nobody else; ours is never one of them.
    groups = {group for process in marked if (group := _group_of(process)) not in {None, os.getpgrp()}}
    neighbours = [process for group in groups if group is not None for process in in_group(group)]
    return with_descendants([*marked, *neighbours])


def _group_of(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except (ProcessLookupError, PermissionError):
        return None

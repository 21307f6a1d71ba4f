"""Run programs bounded in time, output and reach, and end everything that they started."""

from processor.processes.ending import end_process_group
from processor.processes.leftovers import RUN_VARIABLE, end_leftovers
from processor.processes.running import Ending, ProcessResult, find_program, run_process
from processor.processes.sandbox import Sandbox, SandboxMode, SandboxStatus, detect_sandbox

__all__ = [
    "RUN_VARIABLE",
    "Ending",
    "ProcessResult",
    "Sandbox",
    "SandboxMode",
    "SandboxStatus",
    "detect_sandbox",
    "end_leftovers",
    "end_process_group",
    "find_program",
    "run_process",
]

"""Turn the way an agent's program ended into an error that says what to do next."""

import errno
import shutil
import signal

from processor.agents.profiles import Printed, Report
from processor.agents.protocol import AgentTask
from processor.errors import (
    AgentBudgetExceeded,
    AgentError,
    AgentTimeout,
    ProcessorError,
    ResourceError,
    RunCancelled,
)
from processor.processes import Ending, ProcessResult

_MAX_REASON_CHARACTERS = 500
_FULL_BYTES = 1_000_000
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def stopped(name: str, ending: Ending, limit_seconds: float, max_output_bytes: int) -> ProcessorError | None:
    """Tell why we stopped the program; None when it ended by itself."""
    match ending:
        case Ending.TIMED_OUT:
            return AgentTimeout(
                f"agent {name} ran past its limit of {limit_seconds:g} s and was killed; raise timeout or"
                f" agents.{name}.timeout_seconds, or split the issue"
            )
        case Ending.CANCELLED:
            return RunCancelled(f"agent {name} was stopped because its run was cancelled or the service is stopping")
        case Ending.OUTPUT_LIMIT:
            return AgentError(
                f"agent {name} printed more than {max_output_bytes} bytes and was killed; make it say less or raise"
                " max_output_bytes in configs/security_settings.yaml"
            )
        case Ending.EXITED:
            return None


def failed(
    task: AgentTask, name: str, result: ProcessResult, report: Report, printed: Printed
) -> ProcessorError | None:
    """Tell why the program failed; None when it did not.

    An exit code of 0 proves nothing when the CLI complains; a full disk explains whatever else it says.
    """
    if result.exit_code == 0 and report.error is None:
        return None
    ended = _ended(result.exit_code)
    why = _short(report.error or _last_line(printed.stderr) or _last_line(printed.stdout) or "it gave no reason")
    for folder in (task.worktree, task.output_directory):
        if folder.exists() and shutil.disk_usage(folder).free < _FULL_BYTES:  # an agent may remove its worktree
            return ResourceError(f"agent {name} {ended} on a full disk: {why}; make room for {folder}")
    if report.is_over_budget:
        return AgentBudgetExceeded(f"agent {name} stopped at its spending limit: {why}; raise it or split the issue")
    return AgentError(f"agent {name} {ended}: {why}; see `aip logs {task.run_id} --agent` and `aip check`")


def unstartable(name: str, program: str, problem: OSError) -> ResourceError:
    """Tell why the program could not be started or its files could not be written."""
    if isinstance(problem, FileNotFoundError) and problem.errno is None:
        return ResourceError(
            f"agent {name} cannot start: no program {program} on the PATH that agents see; install it, or give its full"
            f" path in agents.{name}.argv"
        )
    if problem.errno in _NO_SPACE:
        return ResourceError(f"agent {name} cannot write its files: {problem}; make room on that disk")
    return ResourceError(f"agent {name} cannot start: {problem}; mend that and retry the run")


def _ended(exit_code: int) -> str:
    if exit_code >= 0:
        return f"exited with code {exit_code}"
    return f"was ended by signal {signal.Signals(-exit_code).name}"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _short(text: str) -> str:
    text = " ".join(text.split()).rstrip(".;")
    return text if len(text) <= _MAX_REASON_CHARACTERS else f"{text[: _MAX_REASON_CHARACTERS - 1]}…"

"""Run a check's program once in a worktree, within the run's deadline, and read its findings."""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from processor.errors import GateToolError, RunCancelled, RunDeadlineExceeded
from processor.gate.command.environment import JUNIT_NAME, check_environment, fence
from processor.gate.command.findings import read_findings
from processor.model import Finding
from processor.processes import Ending, ProcessResult, run_process
from processor.settings.sections import CommandCheck, Settings

_SIGNALS_IN_SANDBOX = range(129, 193)
_MOST_READ_BYTES = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Execution:
    """What every execution of a run's checks shares. `deadline` is on the monotonic clock."""

    settings: Settings
    environ: Mapping[str, str]
    output_directory: Path
    run_id: str
    deadline: float
    should_stop: Callable[[], bool]
    on_start: Callable[[int], None]

    def run(self, check: CommandCheck, argv: Sequence[str], worktree: Path, purpose: str) -> tuple[Finding, ...]:
        """Run a check; its output goes to `gate-CHECK-PURPOSE.log`.

        Raises:
            GateToolError: the program is missing, ran too long, printed too much, or died by a signal.
            RunCancelled: an operator cancelled the run.
            RunDeadlineExceeded: no time is left for the run.
        """
        limit = min(check.timeout_seconds, self.seconds_left())
        output = self.output_directory / f"gate-{check.name}-{purpose}.log"
        output.unlink(missing_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f"gate-{check.name}-", dir=self.output_directory)).absolute()
        try:
            ended = self._start(check, argv, worktree, scratch=scratch, output=output, limit=limit)
            self._raise_unless_exited(check, ended, limit)
            with output.open("rb") as file:
                printed = file.read(_MOST_READ_BYTES).decode("utf-8", "replace")
            is_complete = (scratch / JUNIT_NAME).is_file()
            return read_findings(check, ended.exit_code, printed, worktree, is_complete=is_complete)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def seconds_left(self) -> float:
        """Tell how long the run may still take; raises RunDeadlineExceeded when that is over."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise RunDeadlineExceeded(
                "the run's time was over during the gate; raise engine.run_deadline_seconds or make the checks faster"
            )
        return left

    def _start(
        self, check: CommandCheck, argv: Sequence[str], worktree: Path, *, scratch: Path, output: Path, limit: float
    ) -> ProcessResult:
        try:
            return run_process(
                argv,
                cwd=worktree,
                environment=check_environment(check, self.settings, self.environ, scratch=scratch, run_id=self.run_id),
                timeout_seconds=limit,
                stdout=output,
                max_output_bytes=self.settings.security.max_output_bytes,
                should_stop=self.should_stop,
                on_start=self.on_start,
                sandbox=fence(self.settings, self.environ, worktree=worktree, scratch=scratch),
            )
        except FileNotFoundError as error:
            raise GateToolError(
                f"the program {argv[0]} is not found; install it where the service's PATH leads, or take the check out"
            ) from error
        except OSError as error:
            raise GateToolError(f"the program {argv[0]} cannot be started: {error.strerror}") from error

    def _raise_unless_exited(self, check: CommandCheck, ended: ProcessResult, limit: float) -> None:
        if ended.ending is Ending.CANCELLED:
            raise RunCancelled("the run was stopped during the gate")
        if ended.ending is Ending.TIMED_OUT:
            self.seconds_left()
            raise GateToolError(f"it ran past its limit of {limit:g} s; raise timeout_seconds of the check")
        if ended.ending is Ending.OUTPUT_LIMIT:
            most = self.settings.security.max_output_bytes
            raise GateToolError(
                f"it printed more than {most} bytes; make it quieter or raise security.max_output_bytes"
            )
        if ended.exit_code < 0 or ended.exit_code in _SIGNALS_IN_SANDBOX:
            number = -ended.exit_code if ended.exit_code < 0 else ended.exit_code - 128
            raise GateToolError(f"it was ended by signal {number}; see the output of {check.name} in the run's folder")

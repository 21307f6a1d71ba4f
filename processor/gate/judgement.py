"""Judge one change: every check in turn, then the score and the decision. What cannot be judged is refused."""

import functools
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from processor.errors import GateToolError, ProcessorError, RunCancelled
from processor.gate.base_findings import BaseFindings
from processor.gate.built_in.every_check import IN_ORDER, find_check
from processor.gate.built_in.inspection import Inspection
from processor.gate.chosen_checks import built_in_checks, command_checks
from processor.gate.command.differential import Comparison
from processor.gate.command.execution import Execution
from processor.gate.contents import read_changed_files
from processor.gate.patch import parse_patch
from processor.gate.scoring import report_on
from processor.gate.showing import make_showable
from processor.gate.task import GateTask
from processor.gate.verdict import Verdict, in_state
from processor.logs import CHECK_FINISHED, get_logger
from processor.model import CheckReport, FindingState, GateReport
from processor.settings.sections import BuiltInCheck, CommandCheck, Settings

_Judging = Callable[[], Verdict]


def judge(task: GateTask, settings: Settings, environ: Mapping[str, str], cache: BaseFindings) -> GateReport:
    """Judge a change.

    The built-in checks come first, before any program can have touched the worktree.

    Args:
        environ: the service's own environment; programs see only what `security.environment` lets through.
        cache: what checks said of base commits; left alone when `use_cache` is off.

    Raises:
        RunCancelled: `should_stop` said so.
        RunDeadlineExceeded: `deadline_seconds` were over before all checks were done.
        GateToolError: the change itself cannot be read.
        ProcessorError: a worktree cannot be made, or this machine lacks something; the run may be tried again.
    """
    deadline = time.monotonic() + task.deadline_seconds
    files = read_changed_files(parse_patch(task.change.patch), task.changed_worktree, environ)
    task.output_directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gate-", dir=task.output_directory) as scratch:
        inspection = Inspection(
            issue=task.issue,
            change=task.change,
            files=files,
            limits=built_in_checks(settings.gate, task.repository),
            protected_paths=settings.security.protected_paths,
            security_threshold=settings.gate.security_threshold,
            worktree=task.changed_worktree,
            scratch=Path(scratch),
        )
        execution = _execution(task, settings, environ, deadline)
        comparison = Comparison(
            repository=task.repository,
            base_commit=task.change.base_commit,
            files=files,
            changed_worktree=task.changed_worktree,
            base_worktree=functools.cache(task.base_worktree),
            execution=execution,
            cache=cache if settings.main.use_cache else None,
        )
        checks = [
            _report(check, name, judging, execution)
            for name, check, judging in _judgings(inspection, comparison, settings, task.repository)
        ]
        return report_on(
            make_showable(checks, [secret.value for _, secret in inspection.added_secrets]),
            minimum_score=settings.gate.minimum_score,
            security_threshold=settings.gate.security_threshold,
        )


def _execution(task: GateTask, settings: Settings, environ: Mapping[str, str], deadline: float) -> Execution:
    return Execution(
        settings=settings,
        environ=environ,
        output_directory=task.output_directory,
        run_id=task.run_id,
        deadline=deadline,
        should_stop=task.should_stop,
        on_start=task.on_start,
    )


def _judgings(
    inspection: Inspection, comparison: Comparison, settings: Settings, repository: str
) -> Iterator[tuple[str, BuiltInCheck | CommandCheck, _Judging]]:
    for name in IN_ORDER:
        check: BuiltInCheck = getattr(inspection.limits, name)
        if check.enabled:
            yield name, check, functools.partial(_run_built_in, name, inspection)
    for command in command_checks(settings.gate, repository):
        yield command.name, command, functools.partial(comparison.judge, command)


def _run_built_in(name: str, inspection: Inspection) -> Verdict:
    return find_check(name)(inspection)


def _report(check: BuiltInCheck | CommandCheck, name: str, judging: _Judging, execution: Execution) -> CheckReport:
    if execution.should_stop():
        raise RunCancelled("the run was stopped during the gate")
    execution.seconds_left()
    started = time.monotonic()
    verdict = _closed(name, judging)
    report = CheckReport(
        name=name,
        result=verdict.result,
        is_required=check.required,
        weight=check.weight,
        score=verdict.score,
        summary=verdict.summary,
        findings=verdict.findings,
        duration_seconds=time.monotonic() - started,
    )
    get_logger("gate").info(
        CHECK_FINISHED,
        check=name,
        result=report.result.value,
        new_findings=len(in_state(report.findings, FindingState.NEW)),
        duration_seconds=round(report.duration_seconds, 3),
    )
    return report


def _closed(name: str, judging: _Judging) -> Verdict:
    """Take a check's own failure for a refusal; trouble of the machine or of the run is passed on."""
    try:
        return judging()
    except GateToolError as error:
        return Verdict.unavailable(str(error))
    except ProcessorError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever breaks inside a check must refuse the change, never pass it
        # No message and no trace: both may quote the change.
        get_logger("gate").error(CHECK_FINISHED, check=name, result="unavailable", broken_by=type(error).__name__)
        return Verdict.unavailable(f"the check itself broke with {type(error).__name__}; report this with the run's id")

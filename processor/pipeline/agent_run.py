"""Phase two: let the agent change a fresh worktree, and keep what it did as a value."""

from processor.agents import AgentTask, choose_agent, make_agent
from processor.errors import AgentNoChange, AgentTimeout, ProcessorError, WorkspaceError
from processor.ledger import progress, runs
from processor.ledger.records import RunRecord
from processor.model import AgentResult, Change
from processor.pipeline.context import Context
from processor.settings.sections import CommandAgent


def run_agent(context: Context, run_id: str, attempt: int) -> None:
    """Run the agent at the base commit; its change is recorded whole, whatever the agent said of it.

    What a try brought that was cut short after that is kept: the agent is not paid for it twice.

    Raises:
        AgentError, AgentTimeout, AgentBudgetExceeded: the agent failed.
        AgentNoChange: the worktree is as it was.
    """
    run = context.load(run_id)
    if run.base_commit is None:
        raise WorkspaceError(f"run {run_id} has no base commit; `aip queue retry {run.ref}` starts it anew")
    if _has_change(context, run_id):
        return
    mirror = context.mirror(run)
    worktree = mirror.add_worktree(run_id, run.base_commit, "change")
    issue = context.github.get_issue(run.ref)
    name = choose_agent(context.repository(run.ref.repository), context.settings.main.default_agent, issue.labels)
    limit, is_deadline = _time_limit(context, run, name)
    task = AgentTask(
        run_id=run_id,
        issue=issue,
        worktree=worktree,
        output_directory=context.output_directory(run_id),
        timeout_seconds=limit,
        tracked_files=mirror.tracked_files(run.base_commit),
        should_stop=context.stop_watch(run_id),
        on_start=context.process_group_keeper(run_id),
    )
    result = make_agent(name, context.settings, context.environ).run(task)
    change = None
    try:
        if result.failure is not None:
            raise _failure(result.failure, context, is_deadline=is_deadline)
        change = mirror.capture_change(worktree, run.base_commit, context.settings.security.max_patch_bytes)
    finally:  # what it cost, whatever came of it
        _record(context, run, attempt, result, change)
    if change is None:
        raise AgentNoChange(f"agent {name} changed no file; see `aip logs {run_id} --agent`")


def _has_change(context: Context, run_id: str) -> bool:
    with context.ledger.read() as db:
        return runs.get_change(db, run_id) is not None


def _time_limit(context: Context, run: RunRecord, name: str) -> tuple[float, bool]:
    """Tell the agent's limit in seconds, and whether it is the run's deadline rather than the agent's own limit."""
    left = context.seconds_left(run)
    agent = context.settings.main.agents.get(name)
    own = agent.timeout_seconds if isinstance(agent, CommandAgent) else None
    limit = own or context.settings.main.timeout
    return min(limit, left), left < limit


def _failure(failure: ProcessorError, context: Context, *, is_deadline: bool) -> ProcessorError:
    if is_deadline and isinstance(failure, AgentTimeout):
        return context.deadline_error()
    return failure


def _record(context: Context, run: RunRecord, attempt: int, result: AgentResult, change: Change | None) -> None:
    """Keep what the agent said, what it cost and what it changed, all together."""
    if context.stopping():
        return
    with context.ledger.write() as db:
        runs.set_agent_result(db, run.run_id, result)
        progress.record_usage(
            db,
            run.run_id,
            attempt,
            result.agent,
            result.usage,
            is_counted=run.is_counted,
            is_canary=run.is_canary,
        )
        if change is not None:
            runs.set_change(db, run.run_id, change)
            progress.forget_gate(db, run.run_id)

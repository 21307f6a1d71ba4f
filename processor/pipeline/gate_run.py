"""Phase three: rebuild the change from its value and let the gate judge it."""

from processor.errors import WorkspaceError
from processor.gate import BUILT_IN_CHECKS, GateTask, judge, report_from_json, report_to_json
from processor.ledger import progress, queries, runs
from processor.ledger.base_findings import LedgerBaseFindings
from processor.model import GateReport
from processor.pipeline.context import Context


def run_gate(context: Context, run_id: str) -> GateReport:
    """Judge the change on worktrees of our own; what the agent may have planted in its own is not there.

    A change is judged once: what a try said that was cut short is counted and shown, and so it holds.
    """
    run = context.load(run_id)
    with context.ledger.read() as db:
        change, judged = runs.get_change(db, run_id), queries.gate_report_json(db, run_id)
    if judged is not None:
        return report_from_json(judged)
    if change is None:
        raise WorkspaceError(f"run {run_id} has no change to judge; `aip queue retry {run.ref}` starts it anew")
    mirror = context.mirror(run)
    worktree = mirror.add_worktree(run_id, change.base_commit, "change")
    mirror.apply_change(worktree, change)
    task = GateTask(
        repository=run.ref.repository,
        issue=context.github.get_issue(run.ref),
        change=change,
        base_worktree=lambda: mirror.add_worktree(run_id, change.base_commit, "base"),
        changed_worktree=worktree,
        output_directory=context.output_directory(run_id),
        should_stop=context.stop_watch(run_id),
        on_start=context.process_group_keeper(run_id),
        deadline_seconds=context.seconds_left(run),
        run_id=run_id,
    )
    report = judge(task, context.settings, context.environ, LedgerBaseFindings(context.ledger, context.clock))
    with context.ledger.write() as db:
        progress.record_gate(
            db, run_id, report, report_to_json(report), built_in=BUILT_IN_CHECKS, is_counted=run.is_counted
        )
    return report

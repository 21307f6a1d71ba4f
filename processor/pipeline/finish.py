"""End a run: the outcome into the ledger and the logs, the worktrees gone."""

from processor import logs
from processor.errors import ErrorType
from processor.ledger import endings, services
from processor.ledger.records import RunRecord
from processor.model import FAILED_OUTCOMES, Outcome, Phase
from processor.pipeline.context import Context
from processor.processes import end_leftovers
from processor.workspace import Mirror

_LOG = logs.get_logger("pipeline")


def finish(context: Context, run_id: str, outcome: str, error_type: str, error_message: str) -> bool:
    """Record the one outcome of a run; False when it was recorded by an earlier try."""
    run = context.load(run_id)
    ended = Outcome(outcome)
    is_dead_letter = ended in FAILED_OUTCOMES
    ending = endings.Ending(
        outcome=ended,
        error_type=error_type or None,
        error_message=error_message or None,
        phase=run.phase,
        is_dead_letter=is_dead_letter,
    )
    with context.ledger.write() as db:
        is_first = endings.finish(db, run_id, ending, context.clock())
    ended_run = context.load(run_id)
    context.journal.run_finished(ended_run, is_first=is_first)
    if is_first:
        report(ended_run)
    return is_first


def report(run: RunRecord) -> None:
    """Write the one canonical line of a run."""
    _LOG.info(
        logs.RUN_FINISHED,
        run_id=run.run_id,
        repository=run.ref.repository,
        issue=run.ref.number,
        priority=str(run.priority),
        outcome=str(run.outcome),
        phase=str(run.phase or Phase.PREPARE),
        error_type=run.error_type,
        error_message=run.error_message,
        duration_seconds=round(run.duration_seconds or 0.0, 3),
        attempts=run.attempts,
        agent=run.agent,
        gate_score=run.gate_score,
        pull_request=run.pull_request,
        is_dry_run=run.is_dry_run,
        is_canary=run.is_canary,
    )


def clean_up(context: Context, run_id: str) -> None:
    """Remove what a run left on this host, by its exact id."""
    end_leftovers(run_id)
    run = context.load(run_id)
    Mirror(context.root, run.ref.repository, "", context.github.get_git_access).remove_worktrees(run_id)
    with context.ledger.write() as db:
        services.forget_run(db, run_id, context.instance)


def crashed(context: Context, run_id: str, message: str) -> None:
    """End a run whose engine job died, so that it does not stay active for ever."""
    finish(context, run_id, Outcome.ERROR, ErrorType.OTHER, message)

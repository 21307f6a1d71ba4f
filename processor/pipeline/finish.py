"""End a run: the outcome into the ledger and the logs, the last word to GitHub, the worktrees gone."""

from processor import logs
from processor.errors import ErrorType, ProcessorError
from processor.intake.status_marker import STATUS_MARKER
from processor.ledger import queries, runs, services
from processor.ledger.records import RunRecord
from processor.model import Outcome, Phase
from processor.pipeline import status_comment
from processor.pipeline.context import Context
from processor.processes import end_leftovers
from processor.workspace import Mirror

_LOG = logs.get_logger("pipeline")
_FAILED_LABEL_COLOUR = "b60205"


def finish(context: Context, run_id: str, outcome: str, error_type: str, error_message: str) -> bool:
    """Record the one outcome of a run; False when it was recorded by an earlier try."""
    run = context.load(run_id)
    ended = Outcome(outcome)
    is_dead_letter = ended in {Outcome.ERROR, Outcome.TIMEOUT}
    ending = runs.Ending(
        outcome=ended,
        error_type=error_type or None,
        error_message=error_message or None,
        phase=run.phase,
        is_dead_letter=is_dead_letter,
    )
    with context.ledger.write() as db:
        is_first = runs.finish(db, run_id, ending, context.clock())
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
    )


def announce(context: Context, run_id: str) -> None:
    """Tell the issue how its run ended; a failure here changes no outcome and is only logged."""
    run = context.load(run_id)
    if run.is_dry_run or run.outcome is None or run.outcome is Outcome.CANCELLED:
        return
    with context.ledger.read() as db:
        report_json = queries.gate_report_json(db, run_id)
    try:
        text = status_comment.outcome_text(run, report_json)
        context.github.upsert_comment(run.ref, STATUS_MARKER, text)
        _mark(context, run)
    except ProcessorError as exc:
        _LOG.warning(logs.ANNOUNCEMENT_FAILED, run_id=run_id, error_type=str(exc.error_type), message=str(exc))


def _mark(context: Context, run: RunRecord) -> None:
    """Label a dead letter, and take the label from an issue that succeeded later."""
    label = context.settings.main.publish.failed_label
    if run.is_dead_letter:
        context.github.ensure_label(
            run.ref.repository, label, _FAILED_LABEL_COLOUR, "the Auto Issue Processor gave up; see its comment"
        )
        context.github.add_labels(run.ref, [label])
    elif label in context.github.get_issue(run.ref).labels:
        context.github.remove_label(run.ref, label)


def clean_up(context: Context, run_id: str) -> None:
    """Remove what a run left on this host, by its exact id."""
    end_leftovers(run_id)
    run = context.load(run_id)
    Mirror(context.root, run.ref.repository, "", context.github.get_git_access).remove_worktrees(run_id)
    with context.ledger.write() as db:
        services.forget_run(db, run_id)


def crashed(context: Context, run_id: str, message: str) -> None:
    """End a run whose engine job died, so that it does not stay active for ever."""
    finish(context, run_id, Outcome.ERROR, ErrorType.OTHER, message)

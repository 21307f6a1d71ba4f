"""Tell GitHub how a run ended: labels, the comment on the issue, and no branch that has no pull request.

The same trouble that ended a run may keep GitHub from hearing of it, so the ledger knows what was not announced yet and
the engine tries again.
"""

from processor import logs
from processor.errors import GitHubNotFound, ProcessorError, PublishConflict
from processor.intake.status_marker import STATUS_MARKER
from processor.ledger import queries, runs
from processor.ledger.records import RunRecord
from processor.model import IssueRef, Outcome
from processor.pipeline import status_comment
from processor.pipeline.context import Context

_LOG = logs.get_logger("pipeline")
_COLOUR = "0e8a16"
_FAILED_COLOUR = "b60205"


def announce(context: Context, run_id: str) -> bool:
    """Tell how a run ended; False when GitHub could not be told now. A failure here changes no outcome."""
    run = context.load(run_id)
    try:
        if not run.is_dry_run and _is_newest(context, run):
            _tell(context, run)
    except (GitHubNotFound, PublishConflict) as exc:
        _log_failure(run, exc)  # the issue is gone, or the branch is somebody else's by now: nobody is left to tell
    except ProcessorError as exc:
        _log_failure(run, exc)
        return False
    with context.ledger.write() as db:
        runs.set_announced(db, run_id, context.clock())
    return True


def _is_newest(context: Context, run: RunRecord) -> bool:
    # What an operator started meanwhile has the last word.
    with context.ledger.read() as db:
        known = queries.runs_of_issue(db, run.ref)
    return next(one.run_id for one in known if not one.is_dry_run) == run.run_id


def _tell(context: Context, run: RunRecord) -> None:
    _withdraw_branch(context, run)
    if run.outcome is None or run.outcome is Outcome.CANCELLED:
        return
    with context.ledger.read() as db:
        report_json = queries.gate_report_json(db, run.run_id)
    context.github.upsert_comment(run.ref, STATUS_MARKER, status_comment.outcome_text(run, report_json))
    _mark(context, run)


def _withdraw_branch(context: Context, run: RunRecord) -> None:
    """Delete what was pushed for a pull request that never came; a branch that is not exactly ours stays."""
    if run.outcome is Outcome.SUCCESS or run.commit_sha is None:
        return
    github, repository = context.github, run.ref.repository
    if github.get_branch_sha(repository, run.branch) != run.commit_sha:
        return
    if not github.find_pull_requests(repository, run.branch):
        github.delete_branch(repository, run.branch, run.commit_sha)


def _mark(context: Context, run: RunRecord) -> None:
    """Label the pull request or the dead letter; an issue that succeeded later is no dead letter any more."""
    ours, failed = context.settings.main.publish.label, context.settings.main.publish.failed_label
    if run.is_dead_letter:
        _label(context, run.ref, failed, _FAILED_COLOUR, "the Auto Issue Processor gave up; see its comment")
    elif failed in context.github.get_issue(run.ref).labels:
        context.github.remove_label(run.ref, failed)
    if run.outcome is Outcome.SUCCESS and run.pull_request is not None:
        pull = IssueRef(run.ref.repository, run.pull_request)
        _label(context, pull, ours, _COLOUR, "opened by the Auto Issue Processor")


def _label(context: Context, ref: IssueRef, name: str, colour: str, description: str) -> None:
    context.github.ensure_label(ref.repository, name, colour, description)
    context.github.add_labels(ref, [name])


def _log_failure(run: RunRecord, exc: ProcessorError) -> None:
    _LOG.warning(logs.ANNOUNCEMENT_FAILED, run_id=run.run_id, error_type=str(exc.error_type), message=str(exc))

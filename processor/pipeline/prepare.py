"""Phase one: fetch the mirror, fix the exact base commit, and check that the issue is still to be done."""

from processor.errors import PublishConflict
from processor.ledger import runs
from processor.model import IssueRef
from processor.pipeline.context import Context
from processor.pipeline.one_pull_request import refuse_second


def prepare(context: Context, run_id: str) -> None:
    """Fetch the repository and record the commit that the change starts from; the first one found is kept.

    Raises:
        PublishConflict: the issue was closed since it was queued, or has an open pull request of ours.
    """
    run = context.load(run_id)
    context.seconds_left(run)
    context.raise_if_cancelled(run_id)
    _refuse_closed(context, run.ref, is_forced=run.is_forced)
    if not run.is_dry_run:  # which opens none
        refuse_second(context, run)
    mirror = context.mirror(run)
    mirror.fetch()
    if run.base_commit is not None:
        return
    branch = (
        context.repository(run.ref.repository).base_branch
        or context.repositories.get(run.ref.repository).default_branch
    )
    with context.ledger.write() as db:
        runs.set_base(db, run_id, branch, mirror.resolve(branch))


def _refuse_closed(context: Context, ref: IssueRef, *, is_forced: bool) -> None:
    issue = context.github.get_issue(ref)
    if not issue.is_open and not is_forced:
        raise PublishConflict(f"{ref} was closed while it waited; reopen it and run `aip queue retry {ref}`")

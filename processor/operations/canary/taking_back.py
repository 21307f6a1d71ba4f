"""Take back what a round made on GitHub, and what earlier rounds left that the ledger does not know any more."""

from processor import logs
from processor.errors import GitHubNotFound
from processor.github_client import Commit
from processor.intake.eligibility import branch_for
from processor.ledger import canary, queries
from processor.ledger.queries import CanaryRound
from processor.model import Issue, IssueRef
from processor.operations.canary import on_github
from processor.operations.canary.issue_text import MARKER
from processor.operations.canary.neighbours import what_is_ours
from processor.operations.canary.sharing import is_ours
from processor.pipeline.context import Context
from processor.pipeline.pull_request_text import is_commit_message_of
from processor.settings.sections import Publish

_LOG = logs.get_logger("canary")


def clean(context: Context, one: CanaryRound, unfinished: frozenset[int]) -> None:
    """Leave nothing of a round on GitHub, and close the strays of earlier ones.

    A round that was to make nothing clears nothing away: another installation may be at work there.

    Args:
        unfinished: numbers of the issues of rounds that are looked after still.
    """
    try:
        if one.sent_at is not None:
            _take_back(context, one)
            _close_strays(context, one, unfinished)
    except GitHubNotFound:
        if one.issue is not None:
            raise
        # No sandbox, or none that we may see. What may be there all the same is a stray for a later round.
    with context.ledger.write() as db:
        canary.end_clean(db, one.round_id, context.clock())


def _take_back(context: Context, one: CanaryRound) -> None:
    ref = one.ref
    if ref is None:
        lost = on_github.find_issue(context.github, one)
        ref = None if lost is None else lost.ref
    if ref is not None:
        _take_back_issue(context, ref)


def _close_strays(context: Context, one: CanaryRound, unfinished: frozenset[int]) -> None:
    """Close what earlier rounds left, such as before a restore; what is younger than a round may be at work still."""
    before = one.begun_at - (one.deadline_at - one.begun_at)
    strays = [
        issue.ref
        for issue in _open_ones_of_ours(context, one.repository)
        if issue.ref.number not in unfinished and issue.created_at.timestamp() < before
    ]
    for ref in strays:
        _take_back_issue(context, ref)
    if strays:
        numbers = [ref.number for ref in strays]
        _LOG.warning(logs.CANARY_STRAYS_CLOSED, repository=one.repository, issues=numbers)


def _open_ones_of_ours(context: Context, repository: str) -> list[Issue]:
    issues = context.github.find_marked_issues(repository, MARKER)
    with context.ledger.read() as db:
        ours = what_is_ours(db, issues)
    return [issue for issue in issues if is_ours(issue, ours)]


def _take_back_issue(context: Context, ref: IssueRef) -> None:
    """Take back an issue with the branches of its runs, or the one that its first run had where that is not known."""
    publish = context.settings.main.publish
    with context.ledger.read() as db:
        runs = queries.runs_of_issue(db, ref)
    branches = {run.branch for run in runs} or {branch_for(publish.branch_prefix, ref.number, 1)}
    recorded = {run.commit_sha for run in runs}

    def made_by_us(sha: str) -> bool:
        return sha in recorded or _is_made_by_us(context.github.get_commit(ref.repository, sha), ref, publish)

    on_github.take_back(context.github, ref, sorted(branches), made_by_us)


def _is_made_by_us(commit: Commit, ref: IssueRef, publish: Publish) -> bool:
    """Tell whether a commit is one as we make them for an issue; who changes it leaves another committer."""
    committer = (commit.committer_name, commit.committer_email)
    return committer == (publish.commit_name, publish.commit_email) and is_commit_message_of(commit.message, ref.number)

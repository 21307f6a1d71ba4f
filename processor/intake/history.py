"""Read what is known of our earlier work on an issue: from the ledger, and from GitHub only where it must be."""

from datetime import UTC, datetime

from processor.github_client import GitHubClient
from processor.intake.eligibility import History, PullRequestState
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord
from processor.model import IssueRef, Outcome, RunState


def read_history(ledger: Ledger, github: GitHubClient, ref: IssueRef, *, counts_dry_runs: bool = False) -> History:
    """Build the history of one issue; GitHub is asked only for an issue whose pull request was merged.

    Args:
        counts_dry_runs: whether a finished dry run counts; true while the service itself makes dry runs.

    Raises:
        GitHubError, NetworkError: GitHub could not say when the issue was reopened.
    """
    with ledger.read() as db:
        record = queries.issue(db, ref)
        runs = queries.runs_of_issue(db, ref)
        pulls = queries.pull_requests_of_issue(db, ref)
        is_canary = queries.is_canary_issue(db, ref)
    finished = [run for run in runs if _counts(run) and (counts_dry_runs or not run.is_dry_run)]
    last = finished[0] if finished else None
    pull = pulls[0] if pulls else None
    state = PullRequestState(pull.state) if pull else PullRequestState.NONE
    word = record.retry_requested if record else None
    return History(
        is_canary=is_canary,
        has_active_run=any(run.state is not RunState.FINISHED for run in runs),
        last_outcome=last.outcome if last else None,
        is_dead_letter=last.is_dead_letter if last else False,
        pull_request=pull.number if pull else None,
        pull_request_state=state,
        merged_at=datetime.fromtimestamp(pull.merged_at, UTC) if pull and pull.merged_at is not None else None,
        reopened_at=github.get_last_reopened_at(ref) if state is PullRequestState.MERGED else None,
        retry_requested=word == "retry",
        again_requested=word == "again",
    )


def _counts(run: RunRecord) -> bool:
    """Leave out what is not over, and a run that was withdrawn because its issue lost its label: that is no verdict."""
    is_withdrawn = run.outcome is Outcome.CANCELLED and run.cancel_requested_at is None
    return run.outcome is not None and not is_withdrawn

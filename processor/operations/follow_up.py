"""Look at our pull requests: review, the repository's own checks, merged, closed, reopened. Read-only on GitHub."""

from processor.errors import GitHubNotFound
from processor.ledger import pull_requests, queries
from processor.ledger.queries import PullRequestRecord
from processor.model import CiState, PullRequest, Reviews
from processor.pipeline.context import Context

#: People who reopen what they closed do so within some weeks.
_MAY_REOPEN_SECONDS = 30 * 24 * 3600.0


def follow_up(context: Context, repository: str) -> int:
    """Bring what the ledger holds open, or closed lately, up to date, and return how many pull requests changed.

    Every read is conditional, so one that finds nothing new costs nothing of the rate limit.

    Raises:
        GitHubError, NetworkError: GitHub could not be asked; what was read before is kept.
    """
    with context.ledger.read() as db:
        known = queries.pull_requests_to_follow(
            db, queries.recorded_name(db, repository), context.clock() - _MAY_REOPEN_SECONDS
        )
    return sum(_follow(context, record) for record in known)


def _follow(context: Context, record: PullRequestRecord) -> bool:
    github = context.github
    try:
        pull = github.get_pull_request(record.repository, record.number)
        if record.state == pull_requests.CLOSED and not (pull.is_open or pull.is_merged):
            return False  # still closed
        reviews = github.get_reviews(record.repository, record.number)
    except GitHubNotFound:
        return False  # deleted or moved: nothing to learn, and the others must still be looked at
    ci = _ci_state(context, pull)
    return note(context, pull, reviews, ci)


def note(context: Context, pull: PullRequest, reviews: Reviews, ci: CiState) -> bool:
    """Write down what was found; True when something changed."""
    with context.ledger.write() as db:
        return pull_requests.record_follow_up(db, pull, reviews, ci, context.clock())


def _ci_state(context: Context, pull: PullRequest) -> CiState:
    try:
        return context.github.get_ci_state(pull.repository, pull.head_sha)
    except GitHubNotFound:
        return CiState.NONE  # the commit went away with its branch

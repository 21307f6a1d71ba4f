"""Tell an issue's author, in the one status comment, why nothing happens."""

from processor import logs
from processor.errors import GitHubRateLimited, GitHubUnavailable, NetworkError, ProcessorError
from processor.intake.poller import Poller
from processor.intake.skips import explain_skip
from processor.intake.status_marker import STATUS_MARKER
from processor.model import Issue, SkipReason

_LOG = logs.get_logger("intake")
#: Reasons that say nothing new to the author: its pull request is there to see, or the last comment told.
_SILENT = frozenset(
    {
        SkipReason.PULL_REQUEST_OPEN,
        SkipReason.PULL_REQUEST_MERGED,
        SkipReason.FAILED_BEFORE,
        SkipReason.REJECTED_BEFORE,
        SkipReason.CANCELLED_BEFORE,
    }
)
#: What may be over at the next poll.
_PASSING = (NetworkError, GitHubRateLimited, GitHubUnavailable)


def tell_author(poller: Poller, issue: Issue, reason: SkipReason) -> bool:
    """Write the comment, if there is anything to say; False when GitHub could not take it now."""
    main = poller.settings.main
    if not main.intake.explain_skips or main.dry_run or reason in _SILENT:
        return True
    sentence = explain_skip(reason, issue, intake=main.intake)
    if sentence is None:
        return True
    try:
        poller.github.upsert_comment(issue.ref, STATUS_MARKER, f"{STATUS_MARKER}\n{sentence}\n")
    except ProcessorError as exc:
        _LOG.warning(logs.ANNOUNCEMENT_FAILED, issue=str(issue.ref), error_type=str(exc.error_type), message=str(exc))
        return not isinstance(exc, _PASSING)
    return True

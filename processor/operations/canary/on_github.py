"""What a round does on GitHub: make the issue once, look at the pull request, take everything back."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from processor import logs
from processor.errors import GitHubError, GitHubNotFound, PublishConflict
from processor.github_client import GitHubClient
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import Issue, IssueRef
from processor.operations.canary.deciding import Expected, fault_of
from processor.operations.canary.issue_text import IssueText, beginning_of_marker

#: GitHub's clock may differ from ours, and what is looked for must not be missed by that.
_CLOCKS_DIFFER_SECONDS = 600.0
_LOG = logs.get_logger("canary")


def find_issue(github: GitHubClient, one: CanaryRound) -> Issue | None:
    """Find the issue of a round, which may be there although its answer was lost; a second one is closed."""
    since = datetime.fromtimestamp(one.begun_at - _CLOCKS_DIFFER_SECONDS, UTC)
    found = github.find_our_issues(one.repository, beginning_of_marker(one.round_id), since)
    for second in found[1:]:
        if second.is_open:
            github.close_issue(second.ref)
    return found[0] if found else None


def make_issue(github: GitHubClient, one: CanaryRound, text: IssueText) -> Issue:
    """Make the issue of a round, sent once.

    Raises:
        GitHubError: GitHub left out the labels, which it does without a word where our account may not push.
    """
    issue = github.create_issue(one.repository, title=text.title, body=text.body, labels=text.labels)
    missing = {label.casefold() for label in text.labels} - {label.casefold() for label in issue.labels}
    if missing:
        github.close_issue(issue.ref)
        raise GitHubError(
            f"GitHub made {issue.ref} without {', '.join(sorted(missing))}, so nothing takes it as it should; "
            f"give our account the role write in {one.repository}"
        )
    return issue


def fault_of_pull_request(github: GitHubClient, run: RunRecord, base_branch: str | None) -> str | None:
    """Say what is wrong with the pull request that a run says it opened; None when all is as it should be."""
    repository = run.ref.repository
    wanted_base = base_branch or github.get_repository(repository).default_branch
    expected = Expected(branch=run.branch, base_branch=wanted_base, commit=run.commit_sha or "")
    return fault_of(github.find_pull_requests(repository, run.branch), expected)


def take_back(github: GitHubClient, ref: IssueRef, branches: Iterable[str], is_ours: Callable[[str], bool]) -> None:
    """Close the pull requests of an issue, remove its branches, close it; what is done already is left alone.

    Args:
        is_ours: tells whether we made the commit at which a branch stands; a branch at another one stays.
    """
    for branch in branches:
        for pull in github.find_pull_requests(ref.repository, branch):
            if pull.is_open:
                github.close_pull_request(ref.repository, pull.number)
        _remove_branch(github, ref.repository, branch, is_ours)
    try:
        if github.get_issue(ref).is_open:
            github.close_issue(ref)
    except GitHubNotFound:
        return  # somebody deleted it


def _remove_branch(github: GitHubClient, repository: str, branch: str, is_ours: Callable[[str], bool]) -> None:
    standing = github.get_branch_sha(repository, branch)
    if standing is None:
        return
    if not is_ours(standing):
        _LOG.warning(logs.CANARY_LEFT, repository=repository, branch=branch, stands_at=standing)
        return
    try:
        github.delete_branch(repository, branch, standing)
    except PublishConflict as exc:
        _LOG.warning(logs.CANARY_LEFT, repository=repository, branch=branch, message=str(exc))

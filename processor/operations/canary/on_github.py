"""What a round does on GitHub: make the issue once, look at the pull request, take everything back."""

from datetime import UTC, datetime

from processor import logs
from processor.errors import GitHubError, GitHubNotFound, PublishConflict
from processor.github_client import GitHubClient
from processor.intake.eligibility import branch_for
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import Issue, IssueRef
from processor.operations.canary.deciding import Expected, fault_of
from processor.operations.canary.issue_text import MARKER, IssueText, marker_of

#: GitHub's clock may differ from ours, and what is looked for must not be missed by that.
_CLOCKS_DIFFER_SECONDS = 600.0
_LOG = logs.get_logger("canary")


def find_issue(github: GitHubClient, one: CanaryRound) -> Issue | None:
    """Find the issue of a round, which may be there although its answer was lost; a second one is closed."""
    since = datetime.fromtimestamp(one.begun_at - _CLOCKS_DIFFER_SECONDS, UTC)
    found = github.find_our_issues(one.repository, marker_of(one.round_id), since)
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


def take_back(github: GitHubClient, ref: IssueRef, runs: tuple[RunRecord, ...]) -> None:
    """Close the pull requests of an issue, remove its branches, close it; what is done already is left alone."""
    for branch in sorted({run.branch for run in runs}):
        for pull in github.find_pull_requests(ref.repository, branch):
            if pull.is_open:
                github.close_pull_request(ref.repository, pull.number)
        _remove_branch(github, ref.repository, branch, frozenset(run.commit_sha for run in runs if run.commit_sha))
    try:
        if github.get_issue(ref).is_open:
            github.close_issue(ref)
    except GitHubNotFound:
        return  # somebody deleted it


def close_strays(
    github: GitHubClient, repository: str, *, branch_prefix: str, known: frozenset[int], before: float
) -> tuple[int, ...]:
    """Close the open issues of earlier rounds that no ledger knows any more, such as after a restore."""
    strays = [
        issue
        for issue in github.find_our_issues(repository, MARKER)
        if issue.ref.number not in known and issue.created_at.timestamp() < before
    ]
    branches = {branch_for(branch_prefix, issue.ref.number, 1) for issue in strays}
    pulls = github.list_our_pull_requests(repository, branch_prefix) if strays else ()
    for pull in (one for one in pulls if one.head_branch in branches):
        github.close_pull_request(repository, pull.number)
        _remove_branch(github, repository, pull.head_branch, frozenset({pull.head_sha}))
    for issue in strays:
        github.close_issue(issue.ref)
    return tuple(issue.ref.number for issue in strays)


def _remove_branch(github: GitHubClient, repository: str, branch: str, ours: frozenset[str]) -> None:
    standing = github.get_branch_sha(repository, branch)
    if standing is None:
        return
    if standing not in ours:
        _LOG.warning(logs.CANARY_LEFT, repository=repository, branch=branch, stands_at=standing)
        return
    try:
        github.delete_branch(repository, branch, standing)
    except PublishConflict as exc:
        _LOG.warning(logs.CANARY_LEFT, repository=repository, branch=branch, message=str(exc))

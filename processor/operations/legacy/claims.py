"""Hold every claimed success against what GitHub shows: is there such a pull request, and is it about the issue?"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, Protocol

from processor.errors import GitHubNotFound
from processor.ledger.imports import Claim, ImportedRun, Verdict
from processor.model import PullRequest


class PullRequests(Protocol):
    """What is asked of GitHub."""

    def get_pull_request(self, repository: str, number: int) -> PullRequest:
        """Read one pull request; GitHubNotFound when there is none."""

    def list_our_pull_requests(
        self, repository: str, branch_prefix: str, state: Literal["open", "closed", "all"]
    ) -> tuple[PullRequest, ...]:
        """List the pull requests whose branch begins with the prefix."""


def to_verify(runs: Iterable[ImportedRun]) -> tuple[ImportedRun, ...]:
    """Give the runs that claim a success, each once; those that were never asked about come first."""
    claiming = [run for run in runs if run.claimed is Claim.SUCCESS and run.same_as is None]
    return tuple(sorted(claiming, key=lambda run: run.verdict is not None))


def verdicts(github: PullRequests, runs: Iterable[ImportedRun]) -> Iterator[tuple[ImportedRun, Verdict]]:
    """Ask about one run after the other."""
    listed: dict[str, tuple[PullRequest, ...]] = {}
    for run in runs:
        if run.pull_request is not None:
            yield run, _named(github, run, run.pull_request)
            continue
        if run.repository not in listed:
            listed[run.repository] = github.list_our_pull_requests(run.repository, "auto-fix", "all")
        found = [pull for pull in listed[run.repository] if is_about(pull, run.issue)]
        yield run, _state(found[-1]) if found else Verdict.UNNAMED


def is_about(pull: PullRequest, issue: int) -> bool:
    """Tell whether a pull request names the issue as a whole number, or has a branch of the original system for it."""
    names = re.compile(rf"(?<![\w/])#{issue}(?!\d)")
    is_branch = re.search(rf"(?:^|/)(?:auto-fix[-/])?issue-{issue}(?!\d)", pull.head_branch)
    return bool(names.search(pull.title) or names.search(pull.body) or is_branch)


def _named(github: PullRequests, run: ImportedRun, number: int) -> Verdict:
    try:
        pull = github.get_pull_request(run.repository, number)
    except GitHubNotFound:
        return Verdict.ABSENT
    return _state(pull) if is_about(pull, run.issue) else Verdict.OTHER


def _state(pull: PullRequest) -> Verdict:
    if pull.is_merged:
        return Verdict.MERGED
    return Verdict.OPEN if pull.is_open else Verdict.CLOSED

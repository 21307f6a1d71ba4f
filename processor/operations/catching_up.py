"""Learn from GitHub what a restored ledger has missed, before anything is polled, released or resumed.

Every pull request on a branch of ours that says which run made it, and that the ledger does not know, is adopted with
its run. Without that the issue would be worked on again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from processor.errors import GitHubNotFound
from processor.intake.names import folded
from processor.intake.priority import priority_of
from processor.ledger import adoption, queries, restoration
from processor.ledger.adoption import Found
from processor.model import IssueRef, Priority, PullRequest
from processor.pipeline.context import Context
from processor.pipeline.pull_request_text import run_of


@dataclass(frozen=True, kw_only=True)
class CaughtUp:
    """What was learned; `strange` are pull requests on branches like ours that name no run: they stay a person's."""

    adopted: tuple[PullRequest, ...] = ()
    strange: tuple[PullRequest, ...] = ()


def is_behind(context: Context) -> bool:
    """Tell whether the ledger was restored and GitHub was not asked since."""
    with context.ledger.read() as db:
        return restoration.behind_since(db) is not None


def catch_up(context: Context) -> CaughtUp:
    """Ask GitHub for every repository, adopt what is ours, and note that it was done; repeating it changes nothing.

    Raises:
        GitHubError, NetworkError: GitHub could not be asked; what was adopted stays, and the rest is to be asked again.
    """
    adopted: list[PullRequest] = []
    strange: list[PullRequest] = []
    for repository in _repositories(context):
        for pull in _unknown(context, repository):
            found = _read(context, pull)
            if found is None:
                strange.append(pull)
                continue
            with context.ledger.write() as db:
                adoption.adopt(db, found, context.clock())
            adopted.append(pull)
    with context.ledger.write() as db:
        restoration.note_caught_up(db)
    return CaughtUp(adopted=tuple(adopted), strange=tuple(strange))


def _repositories(context: Context) -> tuple[str, ...]:
    with context.ledger.read() as db:
        names = [queries.recorded_name(db, one.name) for one in context.settings.main.repositories]
        names += queries.recorded_repositories(db)
        sandboxes = {folded(name) for name in queries.canary_repositories(db)}
    if context.settings.main.sandbox is not None:
        sandboxes.add(folded(context.settings.main.sandbox.name))
    # What the canary published is no work, and its next round closes what is left of it.
    return tuple({folded(name): name for name in names if folded(name) not in sandboxes}.values())


def _unknown(context: Context, repository: str) -> Iterator[PullRequest]:
    prefix = context.settings.main.publish.branch_prefix
    try:
        pulls = context.github.list_our_pull_requests(repository, prefix, "all")
    except GitHubNotFound:
        return  # it is gone, or not ours to see any more: nothing of it is worked on either
    with context.ledger.read() as db:
        unknown = [pull for pull in pulls if not adoption.is_known(db, pull)]
    yield from unknown


def _read(context: Context, pull: PullRequest) -> Found | None:
    place = re.fullmatch(re.escape(context.settings.main.publish.branch_prefix) + r"(\d+)(?:-(\d+))?", pull.head_branch)
    run_id = run_of(pull.body)
    if place is None or run_id is None:
        return None
    ref = IssueRef(pull.repository, int(place[1]))
    title, priority, created_at = _about(context, ref, pull)
    return Found(
        pull=pull,
        run_id=run_id,
        ref=ref,
        sequence=int(place[2] or 1),
        title=title,
        priority=priority,
        issue_created_at=created_at.timestamp(),
    )


def _about(context: Context, ref: IssueRef, pull: PullRequest) -> tuple[str, Priority, datetime]:
    """Give title, priority and age of an issue; of one that is gone, what its pull request tells."""
    intake = context.settings.main.intake
    try:
        issue = context.github.get_issue(ref)
    except GitHubNotFound:
        return pull.title, priority_of(pull.title, (), intake), pull.created_at
    return issue.title, priority_of(issue.title, issue.labels, intake), issue.created_at

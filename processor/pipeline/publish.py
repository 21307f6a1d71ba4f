"""Phase four: one commit, one branch, one pull request, verified on GitHub before it counts.

Every step looks first: the commit is the same however often it is made, a branch is moved only from a commit that the
ledger knows as ours, and a pull request is looked up by its head before one is opened.
"""

from dataclasses import dataclass

from processor import logs
from processor.errors import (
    GitHubAuthError,
    GitHubError,
    GitHubRateLimited,
    NetworkError,
    ProcessorError,
    PublishConflict,
    WorkspaceError,
)
from processor.gate import report_from_json
from processor.ledger import pull_requests, queries, runs
from processor.ledger.records import RunRecord
from processor.model import PullRequest
from processor.pipeline import pull_request_text
from processor.pipeline.context import Context
from processor.pipeline.one_pull_request import refuse_second
from processor.workspace import Mirror

_LOG = logs.get_logger("pipeline")


def publish(context: Context, run_id: str) -> PullRequest:
    """Open the pull request, or find the one that an earlier try opened.

    Raises:
        PublishConflict: the branch or its pull request is not ours to write.
    """
    run = context.load(run_id)
    context.seconds_left(run)
    context.raise_if_cancelled(run_id)
    mirror = context.mirror(run)
    commit = _commit(context, run, mirror)
    refuse_second(context, run)
    existing = _existing(context, run)
    _push(context, run, mirror, commit)
    pull = _open(context, run) if existing is None else _brought_up_to_date(context, run, existing)
    pull = _verified(context, pull, commit)
    with context.ledger.write() as db:
        if not run.is_canary:  # which nobody reviews: the canary looks after it, and closes it
            pull_requests.record_opened(db, run, pull, context.clock())
        runs.set_pull_request(db, run_id, pull.number, pull.url)
    _LOG.info(logs.PULL_REQUEST_OPENED, run_id=run_id, pull_request=pull.number, url=pull.url)
    return pull


def _commit(context: Context, run: RunRecord, mirror: Mirror) -> str:
    with context.ledger.read() as db:
        change = runs.get_change(db, run.run_id)
    if change is None:
        raise WorkspaceError(f"run {run.run_id} has no change to publish; `aip queue retry {run.ref}` starts it anew")
    settings = context.settings.main.publish
    commit = mirror.commit(
        change,
        message=pull_request_text.commit_message(run),
        name=settings.commit_name,
        email=settings.commit_email,
        at=int(run.queued_at),
    )
    with context.ledger.write() as db:
        runs.set_commit(db, run.run_id, commit)
    return commit


def _existing(context: Context, run: RunRecord) -> PullRequest | None:
    """Find our open pull request of this branch; a closed one means that somebody decided."""
    pulls = context.github.find_pull_requests(run.ref.repository, run.branch)
    for pull in pulls:
        if pull.is_open:
            return pull
    if pulls:
        state = "merged" if pulls[0].is_merged else "closed"
        raise PublishConflict(
            f"pull request #{pulls[0].number} of branch {run.branch} was {state} already; "
            f"`aip queue retry --again {run.ref}` opens another from a new branch"
        )
    return None


def _push(context: Context, run: RunRecord, mirror: Mirror, commit: str) -> None:
    standing = mirror.remote_branch_sha(run.branch)
    if standing == commit:
        return
    if standing is not None and not _is_ours(context, run, standing):
        raise PublishConflict(
            f"branch {run.branch} stands at {standing[:12]}, which is not a commit of ours; "
            "move or delete the branch, then retry"
        )
    mirror.push(commit, run.branch, expected=standing)


def _is_ours(context: Context, run: RunRecord, sha: str) -> bool:
    with context.ledger.read() as db:
        return any(earlier.commit_sha == sha for earlier in queries.runs_of_issue(db, run.ref))


@dataclass(frozen=True)
class _Text:
    """What the pull request says."""

    title: str
    body: str
    base_branch: str


def _text(context: Context, run: RunRecord) -> _Text:
    with context.ledger.read() as db:
        report = queries.gate_report_json(db, run.run_id)
        spent = queries.usage_of_run(db, run.run_id)
        change = runs.get_change(db, run.run_id)
    if report is None or change is None or run.base_branch is None:
        raise WorkspaceError(f"run {run.run_id} was not judged; `aip queue retry {run.ref}` starts it anew")
    body = pull_request_text.body(run, report_from_json(report), spent, change)
    return _Text(pull_request_text.title(run), body, run.base_branch)


def _open(context: Context, run: RunRecord) -> PullRequest:
    text = _text(context, run)
    try:
        return context.github.create_pull_request(
            run.ref.repository,
            head=run.branch,
            base=text.base_branch,
            title=text.title,
            body=text.body,
            draft=context.settings.main.publish.draft,
        )
    except (GitHubRateLimited, GitHubAuthError):
        raise  # refused before it was looked at, so there is nothing to look for
    except (NetworkError, GitHubError) as exc:
        return _opened_all_the_same(context, run, text.base_branch, exc)


def _opened_all_the_same(context: Context, run: RunRecord, base_branch: str, refused: ProcessorError) -> PullRequest:
    """Look whether the pull request is there although its answer was lost, before anybody tries again.

    Raises:
        PublishConflict: it was closed, or its base branch is gone.
        ProcessorError: what the opening met, also when nobody can look: that is what an operator has to know.
    """
    try:
        found = _existing(context, run)
        if found is None:
            _refuse_lost_base(context, run, base_branch)
    except (NetworkError, GitHubError) as unseen:
        raise refused from unseen
    if found is None:
        raise refused
    return found


def _refuse_lost_base(context: Context, run: RunRecord, base_branch: str) -> None:
    if context.github.get_branch_sha(run.ref.repository, base_branch) is None:
        raise PublishConflict(
            f"base branch {base_branch} went away while the run worked; `aip queue retry {run.ref}` starts from the "
            "branch that took its place"
        )


def _brought_up_to_date(context: Context, run: RunRecord, pull: PullRequest) -> PullRequest:
    """Replace what an earlier run of ours said of its own change; what a person wrote stays."""
    with context.ledger.read() as db:
        earlier = {one.run_id for one in queries.runs_of_issue(db, run.ref)} - {run.run_id}
    if pull_request_text.run_of(pull.body) not in earlier:
        return pull
    text = _text(context, run)
    return context.github.update_pull_request(
        pull.repository, pull.number, title=text.title, body=text.body, base=text.base_branch
    )


def _verified(context: Context, pull: PullRequest, commit: str) -> PullRequest:
    seen = context.github.get_pull_request(pull.repository, pull.number)
    if not seen.is_open:
        raise PublishConflict(f"pull request #{seen.number} was closed while it was being opened")
    if seen.head_sha != commit:
        # GitHub takes a moment to follow a push; the retry of this phase looks again.
        raise GitHubError(
            f"pull request #{seen.number} shows {seen.head_sha[:12]} instead of our commit {commit[:12]}; "
            "it is looked at again"
        )
    return seen

"""Take back what was published for an issue: only what the ledger knows as ours, and twice does no harm."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from processor.errors import GitHubNotFound, ProcessorError
from processor.intake.status_marker import STATUS_MARKER
from processor.ledger import operators, queries
from processor.ledger.operators import Act
from processor.ledger.queries import PullRequestRecord
from processor.ledger.records import RunRecord
from processor.model import CiState, IssueRef, Reviews, ReviewState, RunState
from processor.operations.follow_up import note
from processor.pipeline.context import Context


class NothingOfOurs(ProcessorError):
    """The ledger knows nothing that was published for this issue, or a run is still at work on it."""


class StepKind(StrEnum):
    """What an undo does, in this order."""

    CLOSE_PULL_REQUEST = "close_pull_request"
    DELETE_BRANCH = "delete_branch"
    REMOVE_LABEL = "remove_label"
    UPDATE_COMMENT = "update_comment"
    LEAVE = "leave"  #: something that is there and stays, with the reason


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do: a pull request's number, a branch at a commit, a label, or a comment's id."""

    kind: StepKind
    target: str
    sentence: str
    commit: str = ""


@dataclass(frozen=True)
class IssuePlan:
    """What an undo would do for one issue, and how many runs it had then; no steps when it is all undone already."""

    ref: IssueRef
    steps: tuple[Step, ...]
    runs: int

    @property
    def has_work(self) -> bool:
        """Tell whether there is more than what merely stays."""
        return any(step.kind is not StepKind.LEAVE for step in self.steps)


def plan(context: Context, ref: IssueRef) -> IssuePlan:
    """Look at the ledger and GitHub and say what an undo would do.

    Raises:
        NothingOfOurs: nothing was ever published for this issue, or one of its runs is active.
        GitHubError, NetworkError: GitHub could not be asked.
    """
    with context.ledger.read() as db:
        runs = queries.runs_of_issue(db, ref)
        pulls = queries.pull_requests_of_issue(db, ref)
    _refuse_active(runs)
    published = [run for run in runs if run.commit_sha is not None]
    if not published and not pulls and not any(run.is_dead_letter for run in runs):
        raise NothingOfOurs(f"nothing of ours is there for {ref}: no branch, pull request or label was ever made")
    steps = [*_pull_requests(context, pulls), *_branches(context, ref, published), *_labels(context, ref)]
    if any(step.kind is not StepKind.LEAVE for step in steps):
        steps += _comment(context, ref)
    return IssuePlan(ref, tuple(steps), len(runs))


def apply(context: Context, planned: IssuePlan, act: Act) -> None:
    """Do what was planned; each step looks again, so that what changed since is left alone.

    Raises:
        NothingOfOurs: the issue had another run since that was planned; nothing is done or recorded.
        PublishConflict: somebody moved the branch since it was looked at.
        GitHubError, NetworkError: GitHub refused; what was done stays done, and another undo goes on.
    """
    ref = planned.ref
    with context.ledger.write() as db:
        _refuse_outdated(queries.runs_of_issue(db, ref), planned)
        operators.record(db, act, context.clock())
    for step in planned.steps:
        match step.kind:
            case StepKind.CLOSE_PULL_REQUEST:
                _close(context, ref, int(step.target))
            case StepKind.DELETE_BRANCH:
                context.github.delete_branch(ref.repository, step.target, step.commit)
            case StepKind.REMOVE_LABEL:
                context.github.remove_label(ref, step.target)
            case StepKind.UPDATE_COMMENT:
                context.github.update_comment(ref.repository, int(step.target), _comment_text(ref))
            case StepKind.LEAVE:
                pass


def _refuse_active(runs: tuple[RunRecord, ...]) -> None:
    active = next((run for run in runs if run.state is not RunState.FINISHED), None)
    if active is not None:
        raise NothingOfOurs(
            f"run {active.run_id} of {active.ref} is {active.state}; `aip queue cancel {active.run_id}` first"
        )


def _refuse_outdated(runs: tuple[RunRecord, ...], planned: IssuePlan) -> None:
    _refuse_active(runs)
    if len(runs) != planned.runs:
        raise NothingOfOurs(
            f"run {runs[0].run_id} of {planned.ref} ended since this was planned; say `aip undo {planned.ref}` again"
        )


def _pull_requests(context: Context, pulls: tuple[PullRequestRecord, ...]) -> Iterator[Step]:
    for record in pulls:
        try:
            pull = context.github.get_pull_request(record.repository, record.number)
        except GitHubNotFound:
            continue
        number = str(pull.number)
        if pull.is_merged:
            sentence = f"pull request #{number} is merged and stays; revert it on GitHub"
            yield Step(kind=StepKind.LEAVE, target=number, sentence=sentence)
        elif pull.is_open:
            sentence = f"close pull request #{number} ({pull.url})"
            yield Step(kind=StepKind.CLOSE_PULL_REQUEST, target=number, sentence=sentence)


def _branches(context: Context, ref: IssueRef, published: list[RunRecord]) -> Iterator[Step]:
    ours = {run.commit_sha for run in published}
    for branch in sorted({run.branch for run in published}):
        head = context.github.get_branch_sha(ref.repository, branch)
        if head is None:
            continue
        if head in ours:
            sentence = f"delete branch {branch} at {head[:12]}"
            yield Step(kind=StepKind.DELETE_BRANCH, target=branch, sentence=sentence, commit=head)
        else:
            sentence = f"branch {branch} stays: it stands at {head[:12]}, which is not a commit of ours"
            yield Step(kind=StepKind.LEAVE, target=branch, sentence=sentence)


def _labels(context: Context, ref: IssueRef) -> Iterator[Step]:
    label = context.settings.main.publish.failed_label
    if label.casefold() in {name.casefold() for name in context.github.list_issue_labels(ref)}:
        yield Step(kind=StepKind.REMOVE_LABEL, target=label, sentence=f"remove label {label} from {ref}")


def _comment(context: Context, ref: IssueRef) -> Iterator[Step]:
    comment = context.github.find_comment(ref, STATUS_MARKER)
    if comment is not None:
        sentence = f"say in our comment on {ref} that it was undone"
        yield Step(kind=StepKind.UPDATE_COMMENT, target=str(comment.id), sentence=sentence)


def _close(context: Context, ref: IssueRef, number: int) -> None:
    pull = context.github.get_pull_request(ref.repository, number)
    if pull.is_open:
        pull = context.github.close_pull_request(ref.repository, number)
    with context.ledger.read() as db:
        known = next(one for one in queries.pull_requests_of_issue(db, ref) if one.number == number)
    note(context, pull, Reviews(ReviewState(known.review_state)), CiState(known.ci_state))


def _comment_text(ref: IssueRef) -> str:
    return (
        f"{STATUS_MARKER}\nAn operator took back what was published for this issue.\n\n"
        f"An operator can start it again: `aip queue retry --again {ref}`.\n"
    )

"""Ask GitHub for labelled issues, decide on each, and have the eligible ones put into the queue."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from processor import logs
from processor.errors import GitHubError
from processor.intake.capacity import capacity_of
from processor.intake.eligibility import decide
from processor.intake.first_start import would_take
from processor.intake.history import read_history
from processor.intake.poller import Poller
from processor.intake.queueing import LookedAt, queue_in_order
from processor.intake.telling import tell_author
from processor.intake.withdrawal import withdraw_gone, withdraw_refused
from processor.ledger import issues, queries
from processor.model import Decision, Issue, IssueRef, SkipReason

_LOG = logs.get_logger("intake")


@dataclass(frozen=True, kw_only=True)
class PollResult:
    """What one poll of one repository brought."""

    repository: str
    found: int
    queued: tuple[str, ...]  #: run ids, in order of work
    newly_skipped: dict[IssueRef, str] = field(default_factory=dict)
    held: int = 0  #: held back by this poll, as the first one of its repository
    waiting: int = 0  #: held back by a first start until an operator lets them go, these included
    withdrawn: tuple[str, ...] = ()  #: queued runs whose issue is not eligible any more


def poll(poller: Poller, repository: str) -> PollResult:
    """Poll one repository once.

    Raises:
        ProcessorError: GitHub refused or could not be reached; nothing is lost, the next poll sees the same issues.
    """
    with poller.ledger.read() as db:
        repository = queries.recorded_name(db, repository)
    if poller.github.get_repository(repository).is_archived:
        # Every run would end at the push, and not even the issue could be told.
        raise GitHubError(f"{repository} is archived, so read-only; unarchive it or take it out of the settings")
    listing = poller.github.list_open_issues(repository, poller.settings.main.intake.label)
    found = _looked_at(poller, repository, listing.issues)
    withdrawn = withdraw_gone(poller, repository, {issue.ref for issue in listing.issues})
    sorted_out = _sort_out(poller, found)
    queued, held, waiting = queue_in_order(poller, repository, sorted_out.eligible)
    result = PollResult(
        repository=repository,
        found=len(found),
        queued=queued,
        newly_skipped=sorted_out.newly_skipped,
        held=held,
        waiting=waiting,
        withdrawn=(*withdrawn, *sorted_out.withdrawn),
    )
    _log(poller, result)
    return result


def _looked_at(poller: Poller, repository: str, listed: Sequence[Issue]) -> tuple[Issue, ...]:
    """Give the issues that are ours to decide on: in the sandbox the canary's alone."""
    if not poller.is_sandbox(repository):
        return tuple(listed)
    with poller.ledger.read() as db:
        return tuple(issue for issue in listed if queries.is_canary_issue(db, issue.ref))


@dataclass(frozen=True)
class _SortedOut:
    """What is to be done about the issues of a listing."""

    eligible: list[LookedAt] = field(default_factory=list)
    newly_skipped: dict[IssueRef, str] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)


def _sort_out(poller: Poller, found: Sequence[Issue]) -> _SortedOut:
    done = _SortedOut()
    for issue in found:
        if issue.is_pull_request:
            continue
        with poller.ledger.read() as db:
            runs_before = queries.count_runs_of_issue(db, issue.ref)
        decision = look_at(poller, issue, counts_dry_runs=poller.settings.main.dry_run)
        if decision.is_eligible:
            done.eligible.append(LookedAt(issue, decision, runs_before))
            continue
        if _has_active_run(decision):
            # Work that has begun is brought to its end, whatever people do to the issue meanwhile.
            withdrawn = _withdraw(poller, issue, decision)
            if withdrawn is None:
                continue
            done.withdrawn.append(withdrawn)
        if poller.is_sandbox(issue.ref.repository):
            continue  # the canary itself says what became of it; a skip is counted, and told its author
        if _note_skip(poller, LookedAt(issue, decision, runs_before)):
            done.newly_skipped[issue.ref] = decision.reason
    return done


def _has_active_run(decision: Decision) -> bool:
    return any(step.rule == SkipReason.ACTIVE and not step.is_satisfied for step in decision.steps)


def _withdraw(poller: Poller, issue: Issue, decision: Decision) -> str | None:
    if decision.reason == SkipReason.ACTIVE:
        return None
    return withdraw_refused(poller, issue.ref, decision.reason)


def look_at(poller: Poller, issue: Issue, *, counts_dry_runs: bool = False) -> Decision:
    """Decide on one issue as it stands, and note that it was seen.

    Args:
        counts_dry_runs: a finished dry run refuses the issue, or a service in dry run would repeat it at each poll.
    """
    main = poller.settings.main
    history = read_history(poller.ledger, poller.github, issue.ref, counts_dry_runs=counts_dry_runs)
    decision = decide(issue, intake=main.intake, security=poller.settings.security, history=history)
    with poller.ledger.write() as db:
        issues.see(db, issue, decision.priority, poller.clock())
    return decision


def _note_skip(poller: Poller, looked_at: LookedAt) -> bool:
    """Count and tell a skip, once per issue and change of reason; the service that counts it tells the author.

    An issue that somebody had processed since it was decided on is not skipped; the next poll looks at it again.
    """
    issue, decision = looked_at.issue, looked_at.decision
    with poller.ledger.write() as db:
        if queries.count_runs_of_issue(db, issue.ref) != looked_at.runs_before:
            return False
        is_new = issues.skip(db, issue.ref, decision.reason)
    if is_new:
        _LOG.info(logs.ISSUE_SKIPPED, repository=issue.ref.repository, issue=issue.ref.number, reason=decision.reason)
    if is_new or poller.untold.get(issue.ref) == decision.reason:
        poller.untold.pop(issue.ref, None)
        if not tell_author(poller, issue, SkipReason(decision.reason)):
            poller.untold[issue.ref] = decision.reason
    return is_new


def _log(poller: Poller, result: PollResult) -> None:
    is_news = result.queued or result.newly_skipped or result.withdrawn
    (_LOG.info if is_news else _LOG.debug)(
        logs.POLL_FINISHED,
        repository=result.repository,
        found=result.found,
        queued=len(result.queued),
        skipped=len(result.newly_skipped),
        waiting=result.waiting,
    )
    if result.held:
        _say_what_is_held(poller, result)


def _say_what_is_held(poller: Poller, result: PollResult) -> None:
    main = poller.settings.main
    with poller.ledger.read() as db:
        mean = queries.mean_duration_seconds(db, result.repository)
    parallel = capacity_of(main, "low").parallel
    work = would_take(result.waiting, mean_seconds=mean, limit_seconds=main.timeout, parallel=parallel)
    _LOG.warning(
        logs.ISSUES_HELD,
        repository=result.repository,
        taken=len(result.queued),
        waiting=result.waiting,
        seconds_estimated=work.seconds,
        basis=work.basis,
        next_step=f"aip queue retry --waiting {result.repository}",
    )

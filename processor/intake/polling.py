"""Ask GitHub for labelled issues, decide on each, and put the eligible ones into the queue, most urgent first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from processor import logs
from processor.errors import GitHubNotFound, ProcessorError, UsageError
from processor.github_client import GitHubClient
from processor.intake.eligibility import SkipReason, branch_for, decide, explain_skip, sort_key
from processor.intake.history import read_history
from processor.intake.status_marker import STATUS_MARKER
from processor.ledger import issues, queries, runs
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord
from processor.model import Decision, Issue, IssueRef, Outcome
from processor.settings.sections import Settings

_LOG = logs.get_logger("intake")
_WITHDRAWN = "the issue was closed or lost its label while it waited"
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


@dataclass(frozen=True)
class Poller:
    """What a poll works with."""

    settings: Settings
    ledger: Ledger
    github: GitHubClient
    clock: Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class PollResult:
    """What one poll of one repository brought."""

    repository: str
    found: int
    queued: tuple[str, ...]  #: run ids, in order of work
    newly_skipped: dict[IssueRef, str] = field(default_factory=dict)
    waiting: int = 0  #: held back by a first start until an operator lets them go
    withdrawn: tuple[str, ...] = ()  #: queued runs whose issue is not eligible any more


def poll(poller: Poller, repository: str) -> PollResult:
    """Poll one repository once.

    Raises:
        ProcessorError: GitHub refused or could not be reached; nothing is lost, the next poll sees the same issues.
    """
    listing = poller.github.list_open_issues(repository, poller.settings.main.intake.label)
    withdrawn = _withdraw(poller, repository, {issue.ref for issue in listing.issues})
    eligible, skipped = _sort_out(poller, listing.issues)
    queued, waiting = _queue_in_order(poller, repository, eligible)
    with poller.ledger.write() as db:
        issues.note_poll(db, repository, poller.clock())
    result = PollResult(
        repository=repository,
        found=len(listing.issues),
        queued=queued,
        newly_skipped=skipped,
        waiting=waiting,
        withdrawn=withdrawn,
    )
    _log(poller, result)
    return result


def _sort_out(poller: Poller, found: Sequence[Issue]) -> tuple[list[tuple[Issue, Decision]], dict[IssueRef, str]]:
    eligible: list[tuple[Issue, Decision]] = []
    newly_skipped: dict[IssueRef, str] = {}
    for issue in found:
        if issue.is_pull_request:
            continue
        decision = look_at(poller, issue, counts_dry_runs=poller.settings.main.dry_run)
        if decision.is_eligible:
            eligible.append((issue, decision))
        elif decision.reason != SkipReason.ACTIVE and _note_skip(poller, issue, decision):
            newly_skipped[issue.ref] = decision.reason
    return eligible, newly_skipped


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


def queue_issue(
    poller: Poller,
    issue: Issue,
    decision: Decision,
    *,
    requested_by: str,
    is_dry_run: bool = False,
    is_forced: bool = False,
) -> str:
    """Put one issue into the queue and return the run's id.

    Raises:
        UsageError: the issue has an active run.
    """
    now = poller.clock()
    with poller.ledger.write() as db:
        discovered_at = issues.see(db, issue, decision.priority, now)
        sequence = runs.next_sequence(db, issue.ref)
        earlier = queries.pull_requests_of_issue(db, issue.ref)
        run_id = runs.queue(
            db,
            runs.NewRun(
                ref=issue.ref,
                title=issue.title,
                priority=decision.priority,
                issue_created_at=issue.created_at.timestamp(),
                discovered_at=discovered_at,
                branch=branch_for(poller.settings.main.publish.branch_prefix, issue.ref.number, sequence),
                sequence=sequence,
                requested_by=requested_by,
                previous_pull_request=earlier[0].number if earlier else None,
                is_dry_run=is_dry_run,
                is_forced=is_forced,
            ),
            now,
        )
    _LOG.info(logs.ISSUE_QUEUED, run_id=run_id, repository=issue.ref.repository, issue=issue.ref.number)
    return run_id


def _queue_in_order(
    poller: Poller, repository: str, eligible: list[tuple[Issue, Decision]]
) -> tuple[tuple[str, ...], int]:
    """Queue the eligible issues; a first start takes only so many and holds the rest for an operator's word."""
    with poller.ledger.read() as db:
        is_first = not queries.was_polled(db, repository)
        known = {issue.ref: queries.issue(db, issue.ref) for issue, _ in eligible}
    eligible.sort(key=lambda pair: sort_key(pair[1].priority, pair[0].created_at, pair[0].ref.number))
    free = [pair for pair in eligible if not (record := known[pair[0].ref]) or not record.is_waiting_for_operator]
    limit = poller.settings.main.intake.first_start_limit if is_first else len(free)
    queued = []
    for issue, decision in free[:limit]:
        try:
            queued.append(
                queue_issue(poller, issue, decision, requested_by="poll", is_dry_run=poller.settings.main.dry_run)
            )
        except UsageError:
            continue  # another service was first; the index of the ledger keeps it to one run
    with poller.ledger.write() as db:
        for issue, _ in free[limit:]:
            issues.hold_for_operator(db, issue.ref)
        waiting = queries.waiting_issues(db, repository)
    return tuple(queued), waiting


def _note_skip(poller: Poller, issue: Issue, decision: Decision) -> bool:
    with poller.ledger.write() as db:
        is_new = issues.skip(db, issue.ref, decision.reason)
    if not is_new:
        return False
    _LOG.info(logs.ISSUE_SKIPPED, repository=issue.ref.repository, issue=issue.ref.number, reason=decision.reason)
    _tell_author(poller, issue, decision)
    return True


def _tell_author(poller: Poller, issue: Issue, decision: Decision) -> None:
    reason = SkipReason(decision.reason)
    main = poller.settings.main
    if not main.intake.explain_skips or main.dry_run or reason in _SILENT:
        return
    sentence = explain_skip(reason, issue, intake=main.intake)
    if sentence is None:
        return
    try:
        poller.github.upsert_comment(issue.ref, STATUS_MARKER, f"{STATUS_MARKER}\n{sentence}\n")
    except ProcessorError as exc:
        _LOG.warning(logs.ANNOUNCEMENT_FAILED, issue=str(issue.ref), error_type=str(exc.error_type), message=str(exc))


def _withdraw(poller: Poller, repository: str, found: set[IssueRef]) -> tuple[str, ...]:
    """Cancel queued runs whose issue lost its label or was closed before they began."""
    with poller.ledger.read() as db:
        waiting = [
            run for run in queries.backlog(db) if run.ref.repository == repository and run.requested_by == "poll"
        ]
    return tuple(run.run_id for run in waiting if run.ref not in found and _is_gone(poller, run))


def _is_gone(poller: Poller, run: RunRecord) -> bool:
    try:
        issue = poller.github.get_issue(run.ref)
    except GitHubNotFound:
        issue = None
    if issue is not None and issue.is_open and poller.settings.main.intake.label in issue.labels:
        return False
    with poller.ledger.write() as db:
        runs.finish(
            db,
            run.run_id,
            runs.Ending(
                outcome=Outcome.CANCELLED, error_message="the issue was closed or lost its label while it waited"
            ),
            poller.clock(),
        )
    return True


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
    if result.waiting and result.queued:
        with poller.ledger.read() as db:
            mean = queries.mean_duration_seconds(db, result.repository)
        limit = mean or poller.settings.main.timeout
        hours = result.waiting * limit / poller.settings.main.max_parallel / 3600
        _LOG.warning(
            logs.ISSUES_HELD,
            repository=result.repository,
            taken=len(result.queued),
            waiting=result.waiting,
            hours_at_most=round(hours, 1),
            next_step=f"aip queue retry --waiting {result.repository}",
        )

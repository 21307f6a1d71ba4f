"""Gather why an issue is or is not processed: every rule, its priority, its place in the queue, and what holds it."""

from collections.abc import Mapping
from dataclasses import dataclass

from processor.engine.room import Room, room_of
from processor.intake.capacity import Capacity, levels_of
from processor.intake.eligibility import decide, sort_key
from processor.intake.history import read_history
from processor.intake.names import folded
from processor.intake.poller import Poller
from processor.intake.priority import priority_of
from processor.ledger import operators, queries, services
from processor.ledger.operators import Control
from processor.ledger.queries import IssueRecord
from processor.ledger.records import RunRecord
from processor.model import Decision, Issue, IssueRef, Priority, SkipReason
from processor.operations.held_back import obstacles
from processor.operations.host_levels import host_levels, widest
from processor.operations.remedies import remedy
from processor.operations.spelling import is_listed
from processor.settings.sections import Intake, LevelName


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything that decides about an issue at this moment.

    `run` is its active run; `position` counts from 1 among the `backlog` runs that wait, itself included, and is None
    when it does not and would not wait. `capacity` is that of the host that starts most; `levels` are those at which
    issues of its priority start.
    """

    issue: Issue
    decision: Decision
    priority_reason: str
    record: IssueRecord | None
    run: RunRecord | None
    position: int | None
    backlog: int
    active: int
    capacity: Capacity
    levels: tuple[LevelName, ...]
    is_listed: bool
    room: Room
    paused: Control | None


def explain(poller: Poller, ref: IssueRef) -> Explanation:
    """Look at one issue as it is on GitHub now; nothing is written anywhere.

    Raises:
        GitHubNotFound: there is no such issue, or the token cannot see it.
        GitHubError, NetworkError: GitHub could not be asked.
    """
    main = poller.settings.main
    issue = poller.github.get_issue(ref)
    history = read_history(poller.ledger, poller.github, ref, counts_dry_runs=main.dry_run)
    decision = decide(issue, intake=main.intake, security=poller.settings.security, history=history)
    with poller.ledger.read() as db:
        backlog = queries.backlog(db)
        active = queries.active_runs(db)
        record = queries.issue(db, ref)
        paused = operators.get_control(db, operators.PAUSED)
        capacity = widest(host_levels(services.list_services(db), main, poller.clock()).values(), main)
        room = room_of(db, ref.repository, main.publish, poller.clock())
    own = next((run for run in (*active, *backlog) if run.ref == ref), None)
    return Explanation(
        issue=issue,
        decision=decision,
        priority_reason=priority_reason(issue, decision.priority, main.intake),
        record=record,
        run=own,
        position=_position(issue, decision, backlog, own),
        backlog=len(backlog),
        active=len(active),
        capacity=capacity,
        levels=levels_of(decision.priority, main),
        is_listed=is_listed(main, ref.repository),
        room=room,
        paused=paused,
    )


def priority_reason(issue: Issue, priority: Priority, intake: Intake) -> str:
    """Say what gave the issue its priority: a label, a word of the title, or nothing."""
    naming = {folded(label) for label in intake.labels_by_priority.get(priority, ())}
    found = [label for label in issue.labels if folded(label).strip() in naming]
    if found:
        return f"label {', '.join(found)}"
    for word in intake.title_words_by_priority.get(priority, ()):
        alone = intake.model_copy(
            update={"labels_by_priority": {}, "title_words_by_priority": {Priority.CRITICAL: (word,)}}
        )
        if priority_of(issue.title, (), alone) is Priority.CRITICAL:
            return f"the word {word!r} in the title"
    return "no label and no word of the title names one"


def outlook(found: Explanation) -> tuple[str, ...]:
    """Say what happens next, and what holds the issue back; one sentence each."""
    if found.run is not None and found.run.released_at is not None:
        return (f"run {found.run.run_id} works on it, in phase {found.run.phase or 'prepare'}",)
    if found.run is None and not found.decision.is_eligible:
        reason = SkipReason(found.decision.reason)
        return (f"nothing, because of the rule {reason}; {remedy(reason, found.issue.ref)}",)
    return (_way_into_the_queue(found), *_obstacles(found).values())


def _way_into_the_queue(found: Explanation) -> str:
    if found.run is not None:
        return f"run {found.run.run_id} waits for its turn, at place {found.position} of {found.backlog}"
    if not found.is_listed:
        return f"only `aip once {found.issue.ref}` takes it, because its repository is not in the settings"
    if found.record is not None and found.record.is_waiting_for_operator:
        return (
            f"a first start holds it back; `aip queue retry --waiting {found.issue.ref.repository}` lets those of it go"
        )
    return f"the next poll puts it into the queue, at place {found.position} of {found.backlog + 1}"


def holders(found: Explanation) -> tuple[str, ...]:
    """Name what keeps an eligible issue from starting: pause, capacity, open_cap, hour_cap; empty when nothing does."""
    is_working = found.run is not None and found.run.released_at is not None
    if is_working or (found.run is None and not found.decision.is_eligible):
        return ()
    return tuple(_obstacles(found))


def _obstacles(found: Explanation) -> Mapping[str, str]:
    return obstacles(
        found.run,
        priority=found.decision.priority,
        paused=found.paused,
        capacity=found.capacity,
        levels=found.levels,
        room=found.room,
    )


def _position(issue: Issue, decision: Decision, backlog: tuple[RunRecord, ...], own: RunRecord | None) -> int | None:
    if own is not None:
        return next((place for place, run in enumerate(backlog, start=1) if run.run_id == own.run_id), None)
    if not decision.is_eligible:
        return None
    mine = sort_key(decision.priority, issue.created_at, issue.ref.number)
    return 1 + sum((run.priority.rank, run.issue_created_at, run.ref.number) < mine for run in backlog)

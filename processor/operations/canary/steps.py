"""The steps of a round. Each looks before it acts, so that one that was cut short is simply done again."""

import contextlib

from processor import logs
from processor.ledger import canary, installations
from processor.ledger.operators import Act
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import CanaryResult, RunState
from processor.operations.canary import on_github
from processor.operations.canary.beginning import resting
from processor.operations.canary.deciding import Verdict, verdict_left, verdict_of_run, verdict_too_late
from processor.operations.canary.issue_text import issue_text
from processor.operations.canary.neighbours import say_who_shares
from processor.operations.cancel import NothingToCancel, cancel
from processor.pipeline.context import Context

#: Beyond the time limit of a request: what was sent and not answered may still arrive until then.
_LATE_ARRIVAL_SECONDS = 5.0
_ACTOR = "canary"
_LOG = logs.get_logger("canary")


def make_issue(context: Context, one: CanaryRound) -> bool:
    """Find the issue, or make it; False while an earlier try may still arrive, and where none is to be made."""
    issue = None if one.sent_at is None else on_github.find_issue(context.github, one)
    if issue is None:
        if _may_still_arrive(context, one):
            return False
        refusal = _refusal(context, one)
        if refusal is not None:
            end(context, one, refusal)
            return False
        with context.ledger.write() as db:
            if not canary.note_sent(db, one.round_id, context.instance, context.clock(), earlier=one.sent_at):
                return False  # GitHub took so long to answer that another service went on
            installation = installations.ensure_id(db)
        text = issue_text(context.settings.main, one.round_id, installation)
        issue = on_github.make_issue(context.github, one, text)
    with context.ledger.write() as db:
        canary.set_issue(db, one.round_id, issue.ref.number)
    return True


def _may_still_arrive(context: Context, one: CanaryRound) -> bool:
    late = context.settings.main.github.timeout_seconds + _LATE_ARRIVAL_SECONDS
    return one.sent_at is not None and context.clock() < one.sent_at + late


def _refusal(context: Context, one: CanaryRound) -> Verdict | None:
    """Say why no issue is to be made; None when nothing stands against it."""
    with context.ledger.read() as db:
        rests = resting(db, context.settings.main)
    if rests is not None:
        return Verdict(CanaryResult.HELD, rests)
    shared = say_who_shares(context.github, context.ledger, one.repository, one.begun_at)
    return None if shared is None else Verdict(CanaryResult.FAILED, shared)


def verify(context: Context, one: CanaryRound, run: RunRecord) -> None:
    """Judge a run that ended in time; what it says that it published is looked at on GitHub."""
    verdict = verdict_of_run(run)
    if verdict is None:
        fault = on_github.fault_of_pull_request(context.github, run, context.settings.main.canary.base_branch)
        verdict = Verdict(CanaryResult.FAILED, fault) if fault else Verdict(CanaryResult.SUCCESS, "")
        if run.pull_request is not None:
            with context.ledger.write() as db:
                canary.set_pull_request(db, one.round_id, run.pull_request)
    end(context, one, verdict)


def give_up(context: Context, one: CanaryRound, run: RunRecord | None) -> None:
    """End a round whose time is over, and its run with it."""
    now = context.clock()
    with context.ledger.read() as db:
        verdict = verdict_too_late(one, run, resting=resting(db, context.settings.main), now=now)
    _cancel(context, run, "too late")
    end(context, one, verdict)


def leave(context: Context, one: CanaryRound, run: RunRecord | None) -> None:
    """End a round of a repository that is the sandbox no longer, and its run with it."""
    _cancel(context, run, "another sandbox")
    end(context, one, verdict_left(one, context.settings.main.canary.repository))


def _cancel(context: Context, run: RunRecord | None, reason: str) -> None:
    if run is not None and run.state is not RunState.FINISHED:
        act = Act(actor=_ACTOR, action="queue.cancel", target=f"{run.ref} {run.run_id}", reason=reason)
        with contextlib.suppress(NothingToCancel):  # it ended at this moment
            cancel(context.ledger, run.run_id, act, context.clock())


def end(context: Context, one: CanaryRound, verdict: Verdict) -> None:
    """Record the result of a round, once, and say it."""
    now = context.clock()
    with context.ledger.write() as db:
        is_first = canary.end(db, one.round_id, verdict.result, verdict.reason, now)
    if is_first:
        _LOG.info(
            logs.CANARY_FINISHED,
            round_id=one.round_id,
            repository=one.repository,
            issue=one.issue,
            result=str(verdict.result),
            reason=verdict.reason,
            duration_seconds=round(now - one.begun_at, 3),
        )

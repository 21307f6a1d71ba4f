"""Decide whether an issue may be processed, with every rule that was looked at and the first one that refused."""

from datetime import datetime

from processor.intake.priority import priority_of
from processor.intake.rules import (
    History,
    PullRequestState,
    address_rules,
    author_rules,
    outcome_rules,
    pull_request_rules,
    state_rules,
)
from processor.intake.skips import explain_skip
from processor.model import Decision, Issue, Priority, SkipReason
from processor.settings.sections import Intake, SecurityFile

__all__ = ["History", "PullRequestState", "SkipReason", "branch_for", "decide", "explain_skip", "sort_key"]

ELIGIBLE = "eligible"


def decide(issue: Issue, *, intake: Intake, security: SecurityFile, history: History) -> Decision:
    """Look at every rule and decide; the first that is not satisfied is the reason.

    The author's rules come before the issue's own state, so that every later reason is one an allowed author may be
    told. Capacity is no rule: an issue that waits for it is eligible.
    """
    author = author_rules(issue, security, is_canary=history.is_canary)
    steps = (*address_rules(issue, intake), *author, *state_rules(issue, intake))
    steps += (*pull_request_rules(history), *outcome_rules(history))
    reason = next((step.rule for step in steps if not step.is_satisfied), ELIGIBLE)
    return Decision(
        is_eligible=reason == ELIGIBLE,
        reason=reason,
        priority=priority_of(issue.title, issue.labels, intake),
        steps=steps,
    )


def sort_key(priority: Priority, created_at: datetime, number: int) -> tuple[int, float, int]:
    """Order issues: most urgent first, then oldest, then lowest number."""
    return priority.rank, created_at.timestamp(), number


def branch_for(prefix: str, number: int, sequence: int) -> str:
    """Name the branch of an issue: `auto-fix/issue-7`; with the operator's second go `auto-fix/issue-7-2`."""
    return f"{prefix}{number}" if sequence <= 1 else f"{prefix}{number}-{sequence}"

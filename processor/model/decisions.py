"""Whether an issue may be processed, and every rule that was looked at."""

from dataclasses import dataclass
from enum import StrEnum

from processor.model.issues import Priority


class SkipReason(StrEnum):
    """Why intake refuses an issue; the order is the order of the rules."""

    NOT_AN_ISSUE = "not_an_issue"
    CLOSED = "closed"
    LABEL_MISSING = "label_missing"
    AUTHOR_DENIED = "author_denied"
    AUTHOR_NOT_ALLOWED = "author_not_allowed"
    LOCKED = "locked"
    SKIP_LABEL = "skip_label"
    ASSIGNED = "assigned"
    ACTIVE = "active"
    PULL_REQUEST_OPEN = "pull_request_open"
    PULL_REQUEST_MERGED = "pull_request_merged"
    PULL_REQUEST_CLOSED = "pull_request_closed"
    FAILED_BEFORE = "failed_before"
    REJECTED_BEFORE = "rejected_before"
    CANCELLED_BEFORE = "cancelled_before"
    SUCCEEDED_BEFORE = "succeeded_before"


@dataclass(frozen=True, kw_only=True)
class RuleStep:
    """One rule of intake: its name, the value it looked at, and whether it lets the issue pass."""

    rule: str
    value: str
    is_satisfied: bool


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether an issue may be processed, why, and every rule that was looked at."""

    is_eligible: bool
    reason: str  #: `eligible`, or the name of the rule that refused
    priority: Priority
    steps: tuple[RuleStep, ...] = ()

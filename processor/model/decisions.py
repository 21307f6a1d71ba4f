"""Whether an issue may be processed, and every rule that was looked at."""

from dataclasses import dataclass

from processor.model.issues import Priority


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

"""The values the whole product speaks in: frozen, without I/O. Words are defined in docs/glossary.md.

Import them from here; the modules below sort them by subject.
"""

from processor.model.agent_results import AgentResult, Usage
from processor.model.changes import Change, GitAccess
from processor.model.decisions import Decision, RuleStep, SkipReason
from processor.model.gate_reports import CheckReport, CheckResult, Finding, FindingState, GateReport
from processor.model.issues import Issue, IssueRef, Priority
from processor.model.pull_requests import CiState, PullRequest, ReviewState
from processor.model.runs import Outcome, Phase, RunState

__all__ = [
    "AgentResult",
    "Change",
    "CheckReport",
    "CheckResult",
    "CiState",
    "Decision",
    "Finding",
    "FindingState",
    "GateReport",
    "GitAccess",
    "Issue",
    "IssueRef",
    "Outcome",
    "Phase",
    "Priority",
    "PullRequest",
    "ReviewState",
    "RuleStep",
    "RunState",
    "SkipReason",
    "Usage",
]

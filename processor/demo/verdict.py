"""Judge what happened against what was expected; every sentence says which issue, and why. Pure."""

from collections.abc import Iterator

from processor.demo.evidence import Evidence, PullFacts
from processor.demo.plan import Expectation, PlannedIssue
from processor.demo.progress import IssueState
from processor.model import Outcome

BRANCH_PREFIX = "auto-fix/issue-"


def issue_problems(state: IssueState, planned: PlannedIssue, evidence: Evidence) -> tuple[str, ...]:
    """Say what is not as it should be with one issue; empty when all is well."""
    branch = f"{BRANCH_PREFIX}{state.ref.number}"
    pulls = [pull for pull in evidence.pulls if pull.branch == branch]
    return (*_ending_problems(state, planned.expectation), *_pull_problems(state, planned.expectation, pulls))


def general_problems(evidence: Evidence, issues: int) -> tuple[str, ...]:
    """Say what is wrong with what was left behind; `issues` is how many there are, numbered from 1."""
    return tuple(_general_problems(evidence, issues))


def _ending_problems(state: IssueState, wanted: Expectation) -> Iterator[str]:
    run = state.run
    if run is None:
        if wanted.skip_reason is None or state.skip_reason != wanted.skip_reason:
            yield f"should be {wanted}, was skipped ({state.skip_reason or 'no reason yet'})"
        return
    if run.outcome != wanted.outcome or run.error_type != wanted.error_type:
        was = f"{run.outcome} ({run.error_type})" if run.error_type else str(run.outcome)
        yield f"should be {wanted}, was {was}" + (f": {run.error_message}" if run.error_message else "")
    if wanted.attempts is not None and run.attempts != wanted.attempts:
        yield f"should have taken {wanted.attempts} attempts, took {run.attempts}"


def _pull_problems(state: IssueState, wanted: Expectation, pulls: list[PullFacts]) -> Iterator[str]:
    number = state.ref.number
    expected = 1 if wanted.outcome is Outcome.SUCCESS else 0
    if len(pulls) != expected:
        yield f"should have {expected} pull requests, has {len(pulls)}"
    for pull in pulls:
        if not (pull.is_open and pull.is_draft):
            yield f"pull request #{pull.number} should be an open draft"
        if pull.closes != {number}:
            closes = ", ".join(f"#{one}" for one in sorted(pull.closes)) or "nothing"
            yield f"pull request #{pull.number} should close #{number} alone, would close {closes}"
        if pull.calls:
            yield f"pull request #{pull.number} would call {', '.join(sorted(pull.calls))}"
        if state.run is not None and state.run.pull_request != pull.number:
            yield f"pull request #{pull.number} is on the forge, the ledger says {state.run.pull_request}"


def _general_problems(evidence: Evidence, issues: int) -> Iterator[str]:
    ours = {f"{BRANCH_PREFIX}{number}" for number in range(1, issues + 1)}
    heads = {pull.branch for pull in evidence.pulls}
    if stray := evidence.branches - heads - {"main"}:
        yield f"branches without a pull request are left: {', '.join(sorted(stray))}"
    if foreign := heads - ours:
        yield f"pull requests of no issue are there: {', '.join(sorted(foreign))}"
    if not evidence.is_main_untouched:
        yield "the branch main was moved"
    if evidence.closed_issues:
        yield f"issues were closed: {', '.join(f'#{number}' for number in evidence.closed_issues)}"
    if evidence.worktrees_left:
        yield f"worktrees are left: {', '.join(evidence.worktrees_left)}"
    if evidence.processes_left:
        yield f"processes of runs are left: {', '.join(str(pid) for pid in evidence.processes_left)}"
    if evidence.has_canary:
        yield "the text of an issue was executed: the canary file exists"

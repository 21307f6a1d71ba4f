"""What the demo found out, as a value and as the one JSON object."""

from collections import Counter
from dataclasses import dataclass

from processor.demo.plan import PlannedIssue
from processor.demo.progress import IssueState
from processor.model import Outcome


@dataclass(frozen=True, kw_only=True)
class IssueResult:
    """How one issue ended, and what is wrong with that."""

    planned: PlannedIssue
    state: IssueState
    problems: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """The outcome of its run, or `skipped`."""
        return "skipped" if self.state.run is None else str(self.state.run.outcome)


@dataclass(frozen=True, kw_only=True)
class DemoResult:
    """Everything that is shown. `wanted_defects` is what was asked for; `chosen_defects` may be fewer."""

    repository: str
    issues: tuple[IssueResult, ...]
    general_problems: tuple[str, ...]
    wanted_defects: int
    chosen_defects: int
    seconds: float

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is not as it should be, one sentence each."""
        by_issue = [f"#{one.state.ref.number} {problem}" for one in self.issues for problem in one.problems]
        return (*by_issue, *self.general_problems)

    @property
    def is_as_expected(self) -> bool:
        """Tell whether every issue ended as it should and nothing was left behind."""
        return not self.problems


def totals(result: DemoResult) -> dict[str, object]:
    """Count what the table shows; processed = success + rejected + error + timeout."""
    ended = Counter(one.outcome for one in result.issues)
    processed = sum(ended[outcome] for outcome in Outcome if outcome is not Outcome.CANCELLED)
    return {
        "issues": len(result.issues),
        "processed": processed,
        **{str(outcome): ended[outcome] for outcome in Outcome},
        "skipped": ended["skipped"],
        "pull_requests": sum(1 for one in result.issues if one.state.run and one.state.run.pull_request),
        "defects_wanted": result.wanted_defects,
        "defects_found": result.chosen_defects,
        "as_expected": sum(not one.problems for one in result.issues),
        "seconds": round(result.seconds, 1),
    }


def as_object(result: DemoResult) -> dict[str, object]:
    """Give the object of `aip demo --json`; an unknown score, time or pull request is null."""
    return {
        "repository": result.repository,
        "runs": [_run_object(one) for one in result.issues if one.state.run is not None],
        "skipped": [
            {"issue": one.state.ref.number, "reason": one.state.skip_reason}
            for one in result.issues
            if one.state.run is None
        ],
        "totals": totals(result),
    }


def _run_object(one: IssueResult) -> dict[str, object]:
    run = one.state.run
    if run is None:
        raise ValueError(f"issue {one.state.ref} has no run")
    seconds = run.duration_seconds
    return {
        "issue": run.ref.number,
        "title": run.title,
        "priority": str(run.priority),
        "outcome": None if run.outcome is None else str(run.outcome),
        "error_type": run.error_type,
        "gate_score": run.gate_score,
        "duration_seconds": None if seconds is None else round(seconds, 3),
        "pull_request": run.pull_request_url,
    }

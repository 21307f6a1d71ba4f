"""Sum up what reviewers and a repository's own checks say. Pure.

Source: https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/commits/statuses
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processor.model import CiState, Reviews, ReviewState

_GOOD = frozenset({"success", "neutral", "skipped"})
_BAD_STATUS = frozenset({"failure", "error"})


@dataclass(frozen=True)
class Review:
    """One review; `id` tells apart two by which one person said the same."""

    id: int
    author: str  #: login; empty for a deleted account
    state: str  #: GitHub's word, such as APPROVED
    submitted_at: datetime | None = None  #: None while its author is still writing it


def reviews(data: list[Mapping[str, Any]]) -> tuple[Review, ...]:
    """Read a page of reviews, oldest first."""
    return tuple(
        Review(
            id=int(one["id"]),
            author=str((one["user"] or {}).get("login", "")),
            state=str(one["state"]),
            submitted_at=datetime.fromisoformat(one["submitted_at"]) if one.get("submitted_at") else None,
        )
        for one in data
    )


def summed_up(said: Sequence[Review]) -> Reviews:
    """Say what they have said, taken together, and when it began; a verdict that was dismissed was one."""
    times = [review.submitted_at for review in said if review.submitted_at is not None]
    return Reviews(review_state(said), min(times, default=None))


def review_state(said: Sequence[Review]) -> ReviewState:
    """Take each reviewer's last verdict; a comment changes no verdict, and a dismissed one counts no more."""
    verdicts: dict[str, str] = {}
    has_comment = False
    for author, state in ((review.author, review.state) for review in said):
        if state in {"APPROVED", "CHANGES_REQUESTED"}:
            verdicts[author] = state
        elif state == "DISMISSED":
            verdicts.pop(author, None)
        elif state == "COMMENTED":
            has_comment = True
    if "CHANGES_REQUESTED" in verdicts.values():
        return ReviewState.CHANGES_REQUESTED
    if verdicts:
        return ReviewState.APPROVED
    return ReviewState.COMMENTED if has_comment else ReviewState.NONE


def status_states(data: Mapping[str, Any]) -> tuple[CiState, ...]:
    """Read a page of the combined status: one state for the newest status of each context."""
    return tuple(_status_state(str(status["state"])) for status in data["statuses"])


def check_run_states(data: Mapping[str, Any]) -> tuple[CiState, ...]:
    """Read a page of check runs: one state each."""
    return tuple(_check_run_state(str(run["status"]), run["conclusion"]) for run in data["check_runs"])


def ci_state(states: Sequence[CiState]) -> CiState:
    """Take all together: one failure fails, else one that is not done is pending."""
    for state in (CiState.FAILURE, CiState.PENDING, CiState.SUCCESS):
        if state in states:
            return state
    return CiState.NONE


def _status_state(state: str) -> CiState:
    if state in _BAD_STATUS:
        return CiState.FAILURE
    return CiState.SUCCESS if state == "success" else CiState.PENDING


def _check_run_state(status: str, conclusion: str | None) -> CiState:
    if status != "completed":
        return CiState.PENDING
    return CiState.SUCCESS if conclusion in _GOOD else CiState.FAILURE

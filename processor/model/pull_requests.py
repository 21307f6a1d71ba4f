"""A pull request as GitHub shows it, and what people and checks say of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class PullRequest:
    """A pull request as GitHub shows it."""

    repository: str
    number: int
    url: str
    title: str
    body: str
    head_branch: str
    head_sha: str
    head_repository: str  #: owner/name; empty when the fork is gone
    base_branch: str
    is_open: bool
    is_draft: bool
    is_merged: bool
    created_at: datetime
    merged_at: datetime | None
    closed_at: datetime | None


class ReviewState(StrEnum):
    """What reviewers have said, taken together."""

    NONE = "none"
    COMMENTED = "commented"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"


@dataclass(frozen=True)
class Reviews:
    """What reviewers have said, and when the first of them did; None when nobody has."""

    state: ReviewState
    first_at: datetime | None = None


class CiState(StrEnum):
    """What the repository's own checks say of the head commit."""

    NONE = "none"
    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"

"""A change to a repository: the agent's result, and what git needs to fetch and push."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Change:
    """The agent's result as a value: any host can rebuild the worktree from it.

    `patch` is what `git diff --binary --full-index BASE` printed; never empty.
    """

    base_commit: str
    patch: bytes
    files: tuple[str, ...]  #: every path touched, old and new names
    added_lines: int
    removed_lines: int


@dataclass(frozen=True)
class GitAccess:
    """What git's environment needs to reach GitHub; it holds the token, so it is never shown and never in an argv."""

    environment: Mapping[str, str] = field(repr=False)

"""The things that happen to an issue, a pull request or a commit, as frozen values."""

from dataclasses import dataclass

from processor.forge.storage.records import Parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """A comment on an issue or a pull request."""

    id: int
    repository_id: int
    number: int
    author: str
    body: str
    created_at: str
    updated_at: str
    author_association: str | None = None

    @property
    def parent(self) -> Parent:
        """List comments by issue."""
        return (self.repository_id, self.number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One entry of an issue's history; `event` is GitHub's word: labeled, closed, renamed, merged, …"""

    id: int
    repository_id: int
    number: int
    event: str
    actor: str
    created_at: str
    label: str | None = None
    assignee: str | None = None
    commit_id: str | None = None
    renamed_from: str | None = None
    renamed_to: str | None = None
    source_number: int | None = None

    @property
    def parent(self) -> Parent:
        """List events by issue."""
        return (self.repository_id, self.number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A review; `state` is APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED or PENDING."""

    id: int
    repository_id: int
    number: int
    author: str
    state: str
    body: str
    commit_id: str
    submitted_at: str

    @property
    def parent(self) -> Parent:
        """List reviews by pull request."""
        return (self.repository_id, self.number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """A commit status; `state` is error, failure, pending or success."""

    id: int
    repository_id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: str
    created_at: str

    @property
    def parent(self) -> Parent:
        """List statuses by commit."""
        return (self.repository_id, self.sha)


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRun:
    """A check run; `conclusion` is None until `status` is completed."""

    id: int
    repository_id: int
    sha: str
    name: str
    status: str
    conclusion: str | None
    started_at: str
    completed_at: str | None
    title: str | None = None
    summary: str | None = None

    @property
    def parent(self) -> Parent:
        """List check runs by commit."""
        return (self.repository_id, self.sha)


@dataclass(frozen=True, kw_only=True, slots=True)
class SecurityScan:
    """A kind of security alerts that is switched on: dependabot, code-scanning or secret-scanning."""

    id: int
    repository_id: int
    kind: str

    @property
    def parent(self) -> Parent:
        """List what is switched on by repository."""
        return (self.repository_id,)


@dataclass(frozen=True, kw_only=True, slots=True)
class SecurityAlert:
    """A security alert; `severity` is GitHub's, None where it rates none."""

    id: int
    repository_id: int
    kind: str
    number: int
    severity: str | None
    summary: str
    created_at: str
    state: str = "open"

    @property
    def parent(self) -> Parent:
        """List alerts by repository and kind."""
        return (self.repository_id, self.kind)

"""What this room gives and reports beside the values of `processor.model`: frozen, without I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from processor.errors import ProcessorError
from processor.model import Issue


class EndpointGroup(StrEnum):
    """What a request was about: a closed list, because it is a metric label."""

    ACCOUNT = "account"
    REPOSITORY = "repository"
    ISSUES = "issues"
    LABELS = "labels"
    COMMENTS = "comments"
    PULL_REQUESTS = "pull_requests"
    CHECKS = "checks"
    BRANCHES = "branches"
    SECURITY = "security"


ENDPOINTS: tuple[str, ...] = tuple(EndpointGroup)


class StatusClass(StrEnum):
    """How a request ended: a closed list, because it is a metric label."""

    DONE = "2xx"
    UNCHANGED = "304"
    REFUSED = "4xx"
    LIMITED = "limited"
    FAILED = "5xx"
    NONE = "none"  #: no whole answer came


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """What GitHub last said of our allowance. `resource` is GitHub's own name, such as core; counts are requests."""

    resource: str
    limit: int
    remaining: int
    reset_at: datetime


@dataclass(frozen=True, kw_only=True)
class RequestObservation:
    """One request as it ended, repeated tries counted singly; `rate_limit` is None when the answer named none."""

    endpoint: EndpointGroup
    code: StatusClass
    duration_seconds: float
    rate_limit: RateLimit | None


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who we are on GitHub. `scopes` is None for tokens that have none to show (fine-grained ones and Apps).

    `login` is None for an App's installation token that was given to us: GitHub does not tell it whose it is.
    """

    login: str | None
    scopes: tuple[str, ...] | None
    is_app: bool


@dataclass(frozen=True, kw_only=True)
class RepositoryInfo:
    """A repository as our credentials see it. `clone_url` is on the configured host and holds no secret."""

    name: str  #: OWNER/REPO as GitHub spells it today; differs from what was asked after a rename
    default_branch: str
    clone_url: str
    is_private: bool
    can_push: bool
    has_issues: bool
    is_archived: bool


@dataclass(frozen=True, kw_only=True)
class IssueListing:
    """The open issues of a label, oldest first; `is_unchanged` means that nothing is new and nothing was spent."""

    issues: tuple[Issue, ...]
    is_unchanged: bool


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment on an issue or pull request; the body is whatever its author wrote."""

    id: int
    author: str  #: login; empty for a deleted account
    body: str
    url: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Commit:
    """A commit; name and address of the committer are whatever git was told."""

    sha: str
    message: str
    committer_name: str
    committer_email: str


class AlertKind(StrEnum):
    """Where GitHub finds security alerts; a closed list, because it is a metric label."""

    DEPENDABOT = "dependabot"
    CODE_SCANNING = "code_scanning"
    SECRET_SCANNING = "secret_scanning"  # noqa: S105  the name of a kind of alert


@dataclass(frozen=True, kw_only=True)
class SecurityAlerts:
    """The open alerts of a kind by severity; None, with the reason, where GitHub does not tell them."""

    kind: AlertKind
    counts: Mapping[str, int] | None
    reason: str


@dataclass(frozen=True)
class Answer:
    """One whole answer: header names in lower case; `data` is the parsed JSON, None when there is none.

    `size` is the length of the body in characters.
    """

    status: int
    headers: Mapping[str, str]
    data: Any = None
    size: int = 0


@dataclass(frozen=True)
class Failure:
    """A request that failed: the error for the caller, and whether the same request may succeed soon.

    `wait_seconds` is how long GitHub told us to wait; None when it did not say.
    """

    error: ProcessorError
    status: StatusClass
    is_passing: bool = False
    wait_seconds: float | None = None

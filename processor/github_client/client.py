"""GitHub as the rest of the product sees it: one object, values in and out, our own errors only."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType, TracebackType
from typing import Literal, Self

from processor.github_client import branches, comments, issues, labels, pulls, repositories, security_alerts
from processor.github_client.addresses import checked_base, git_base
from processor.github_client.credentials import Credentials
from processor.github_client.git_access import git_access
from processor.github_client.pausing import pause_unless_stopped
from processor.github_client.proxies import choose_proxy
from processor.github_client.rate_limits import RateLimits, read_every_limit
from processor.github_client.rest import Observer, Rest
from processor.github_client.server_clock import ServerClock
from processor.github_client.session import Session, parsed
from processor.github_client.throttle import Throttle
from processor.github_client.transport import Transport
from processor.github_client.values import (
    AlertKind,
    Comment,
    Commit,
    EndpointGroup,
    IssueListing,
    RateLimit,
    RepositoryInfo,
    RequestObservation,
    SecurityAlerts,
    Viewer,
)
from processor.model import CiState, GitAccess, Issue, IssueRef, PullRequest, Reviews
from processor.settings.sections import GitHub

_NOTHING: Mapping[str, str] = MappingProxyType({})


def _ignore(_observation: RequestObservation) -> None:
    """Observe nothing."""


class GitHubClient:
    """One GitHub under one set of credentials; usable from several threads at once; makes no request until asked.

    Every method may raise GitHubAuthError, GitHubRateLimited (also locally, until its time has come), GitHubNotFound,
    GitHubError and NetworkError. Reads are conditional and tried again; a write is sent once, and when its answer is
    lost (NetworkError) the caller looks up whether it took effect.
    """

    def __init__(
        self,
        settings: GitHub,
        credentials: Credentials,
        *,
        observer: Observer = _ignore,
        should_stop: Callable[[], bool] = lambda: False,
        environ: Mapping[str, str] = _NOTHING,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare the client.

        Args:
            observer: told of every request as it ended; must be quick and thread-safe.
            should_stop: asked while waiting to try again; True means to give up with the error at hand.
            environ: where HTTPS_PROXY and NO_PROXY are read.
            clock: Unix seconds.

        Raises:
            UsageError: `base_url` names no host.
        """
        self._settings = settings
        base_url = checked_base(settings.base_url)
        self._proxy = choose_proxy(base_url, settings.proxy, environ)
        self._git_base = git_base(base_url, settings.git_url)
        self._transport = Transport(settings, self._proxy)
        self._limits = RateLimits(clock)
        self._server_clock = ServerClock(clock)
        throttle = Throttle(settings.seconds_between_requests, settings.seconds_between_writes, sleep=sleep)
        rest = Rest(
            settings,
            self._transport,
            self._limits,
            throttle,
            self._server_clock,
            observer=observer,
            pause=pause_unless_stopped(sleep, should_stop),
        )
        self._session = Session(rest, credentials, clock=clock)
        self._viewer: Viewer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    @property
    def limited_until(self) -> datetime | None:
        """Until when GitHub wants no requests from us; None when it takes them."""
        return self._limits.limited_until

    @property
    def clock_ahead_seconds(self) -> float | None:
        """How far our clock is ahead of GitHub's, by its last answer; negative when late, None before an answer."""
        return self._server_clock.ahead_seconds

    @property
    def takes_requests(self) -> bool:
        """Whether GitHub takes requests now, as far as its last answers tell: no limit, no refused credentials."""
        return self.limited_until is None and not self._session.is_refused

    @property
    def session(self) -> Session:
        """The raw calls, for the access check of this room."""
        return self._session

    def get_rate_limits(self) -> tuple[RateLimit, ...]:
        """Give what GitHub last said of each limit; asks nothing."""
        return self._limits.seen()

    def read_rate_limits(self) -> tuple[RateLimit, ...]:
        """Ask GitHub for its limits, which costs nothing of them, and give those that concern us."""
        path = "/rate_limit"
        answer = self._session.call("GET", path, EndpointGroup.ACCOUNT)
        self._limits.replace(parsed(answer, f"GET {path}", read_every_limit))
        return self._limits.seen()

    def renew_connections(self) -> None:
        """Close the connections that rest in the pool; the next requests open new ones."""
        self._transport.close()

    def forget_answers(self) -> int:
        """Forget remembered answers, and tell how many; the next reads ask for all of them again."""
        return self._session.forget_answers()

    def get_git_access(self) -> GitAccess:
        """Give git's way to GitHub as of now; an App's token in it lasts at least five minutes."""
        secret = self._session.secret()
        return git_access(self._git_base, secret, self._proxy, self._settings.ca_file)

    def get_viewer(self) -> Viewer:
        """Ask who we are."""
        self._viewer = repositories.get_viewer(self._session)
        return self._viewer

    def get_repository(self, repository: str) -> RepositoryInfo:
        """Read a repository; one that was renamed is found under its old name."""
        return repositories.get_repository(self._session, self._git_base, repository)

    def list_open_issues(self, repository: str, label: str) -> IssueListing:
        """Read every open issue with the label, oldest first; costs nothing when nothing changed."""
        return issues.list_open(self._session, repository, label)

    def get_issue(self, ref: IssueRef) -> Issue:
        """Read one issue as it is now; GitHubNotFound for one that was transferred to another repository."""
        return issues.get(self._session, ref, lambda: self.get_repository(ref.repository).name)

    def get_last_reopened_at(self, ref: IssueRef) -> datetime | None:
        """Find the last time the issue was reopened; None when it never was."""
        return issues.last_reopened_at(self._session, ref)

    def create_issue(self, repository: str, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Make an issue, sent once; find it again by a marker in its body when the answer is lost.

        GitHub leaves the labels out, without a word, where our account may not push.
        """
        return issues.create(self._session, repository, title=title, body=body, labels=labels)

    def find_our_issues(self, repository: str, marker: str, since: datetime) -> tuple[Issue, ...]:
        """Find issues of ours that hold a marker and changed since a time, open or not, oldest first."""
        found = issues.find_marked(self._session, repository, marker, since)
        return tuple(issue for issue in found if self._is_ours(issue.author))

    def find_marked_issues(self, repository: str, marker: str, since: datetime | None = None) -> tuple[Issue, ...]:
        """Find issues that hold a marker: the open ones, and those that changed since a time.

        Those of strangers are left out: only who may write in the repository can give labels to an issue.
        """
        newest = {issue.ref: issue for issue in issues.find_marked_open(self._session, repository, marker)}
        if since is not None:
            newest |= {issue.ref: issue for issue in issues.find_marked(self._session, repository, marker, since)}
        return tuple(issue for issue in newest.values() if issue.labels or self._is_ours(issue.author))

    def close_issue(self, ref: IssueRef) -> None:
        """Close an issue; one that is closed stays so."""
        issues.close(self._session, ref)

    def list_issue_labels(self, ref: IssueRef) -> tuple[str, ...]:
        """Read the labels of an issue or pull request."""
        return labels.list_on(self._session, ref)

    def add_labels(self, ref: IssueRef, names: Sequence[str]) -> None:
        """Put labels on an issue or pull request; those that are there stay."""
        labels.add(self._session, ref, names)

    def remove_label(self, ref: IssueRef, name: str) -> bool:
        """Take a label away; False when it was not there."""
        return labels.remove(self._session, ref, name)

    def ensure_label(self, repository: str, name: str, colour: str, description: str) -> bool:
        """Create a label in the repository if it has none of this name; True when it was created now."""
        return labels.ensure(self._session, repository, name, colour, description)

    def find_comment(self, ref: IssueRef, marker: str) -> Comment | None:
        """Find our own oldest comment that holds the marker."""
        return comments.find(self._session, ref, marker, self._is_ours)

    def create_comment(self, ref: IssueRef, body: str) -> Comment:
        """Write a comment."""
        return comments.create(self._session, ref, body)

    def update_comment(self, repository: str, comment_id: int, body: str) -> Comment:
        """Give a comment another text."""
        return comments.update(self._session, repository, comment_id, body)

    def upsert_comment(self, ref: IssueRef, marker: str, body: str) -> Comment:
        """Keep one comment with this marker and make it say `body`; nothing is written when it says so already."""
        return comments.upsert(self._session, ref, marker, body, self._is_ours)

    def find_pull_requests(self, repository: str, head_branch: str) -> tuple[PullRequest, ...]:
        """Find all pull requests of a branch of this repository, open or not, newest first; forks are left out."""
        owner = self.get_repository(repository).name.partition("/")[0]
        return pulls.find(self._session, repository, owner, head_branch)

    def list_our_pull_requests(
        self, repository: str, branch_prefix: str, state: pulls.PullState = "open"
    ) -> tuple[PullRequest, ...]:
        """List the pull requests whose branch in this repository begins with the prefix, oldest first."""
        return pulls.list_ours(self._session, repository, branch_prefix, state)

    def get_pull_request(self, repository: str, number: int) -> PullRequest:
        """Read one pull request as it is now."""
        return pulls.get(self._session, repository, number)

    def create_pull_request(
        self, repository: str, *, head: str, base: str, title: str, body: str, draft: bool
    ) -> PullRequest:
        """Open a pull request, sent once; look it up by its branch when the answer is lost."""
        return pulls.create(self._session, repository, head=head, base=base, title=title, body=body, draft=draft)

    def update_pull_request(
        self,
        repository: str,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
        state: Literal["open", "closed"] | None = None,
    ) -> PullRequest:
        """Change what is given; None leaves it."""
        return pulls.update(self._session, repository, number, title=title, body=body, base=base, state=state)

    def close_pull_request(self, repository: str, number: int) -> PullRequest:
        """Close a pull request without merging it."""
        return self.update_pull_request(repository, number, state="closed")

    def get_reviews(self, repository: str, number: int) -> Reviews:
        """Say what reviewers have said, taken together, and since when; costs nothing when nothing changed."""
        return pulls.reviews(self._session, repository, number)

    def get_ci_state(self, repository: str, sha: str) -> CiState:
        """Say what the statuses and check runs of a commit say; costs nothing when nothing changed."""
        return pulls.ci_state(self._session, repository, sha)

    def get_branch_sha(self, repository: str, branch: str) -> str | None:
        """Give the commit that a branch points to; None when there is no such branch."""
        return branches.sha(self._session, repository, branch)

    def get_commit(self, repository: str, sha: str) -> Commit:
        """Read a commit."""
        return branches.commit(self._session, repository, sha)

    def delete_branch(self, repository: str, branch: str, expected_sha: str) -> bool:
        """Delete a branch that still stands at `expected_sha`; False when it is gone, PublishConflict when it moved."""
        return branches.delete(self._session, repository, branch, expected_sha)

    def get_security_alerts(self, repository: str, kind: AlertKind) -> SecurityAlerts:
        """Count the open security alerts of a kind; says why where it is switched off or not ours to read."""
        return security_alerts.count_open(self._session, repository, kind)

    def _is_ours(self, author: str) -> bool:
        login = (self._viewer or self.get_viewer()).login
        # Where GitHub does not tell our name, it is an App's; no person's login can hold brackets.
        return author.lower() == login.lower() if login else author.endswith("[bot]")

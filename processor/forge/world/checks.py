"""Commit statuses, check runs and reviews."""

from processor.forge.refusals import invalid
from processor.forge.storage.activity import CheckRun, Review, Status
from processor.forge.storage.records import Pull, Repository
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written
from processor.forge.world.accounts import Accounts

STATES = frozenset({"error", "failure", "pending", "success"})


class Checks:
    """Say how good a commit is."""

    def __init__(self, store: Store, clock: Clock, accounts: Accounts) -> None:
        """Keep statuses, check runs and reviews in `store`."""
        self._store = store
        self._clock = clock
        self._accounts = accounts

    def set_status(
        self,
        repository: Repository,
        sha: str,
        *,
        state: str,
        context: str = "default",
        description: str | None = None,
        target_url: str | None = None,
        creator: str = "octocat",
    ) -> Status:
        """Add a commit status: error, failure, pending or success; the newest of a context counts."""
        if state not in STATES:
            raise invalid("Status", "state")
        self._accounts.create_user(creator)
        return self._store.put(
            Status(
                id=self._store.next_id(),
                repository_id=repository.id,
                sha=sha,
                state=state,
                context=context,
                description=description,
                target_url=target_url,
                creator=creator,
                created_at=written(self._clock()),
            )
        )

    def statuses(self, repository: Repository, sha: str) -> list[Status]:
        """Return the statuses of a commit, newest first."""
        return self._store.children(Status, repository.id, sha)[::-1]

    def latest_statuses(self, repository: Repository, sha: str) -> list[Status]:
        """Return the newest status of each context."""
        newest: dict[str, Status] = {}
        for status in self.statuses(repository, sha):
            newest.setdefault(status.context, status)
        return list(newest.values())

    def add_check_run(
        self,
        repository: Repository,
        sha: str,
        *,
        name: str,
        status: str = "completed",
        conclusion: str | None = "success",
        title: str | None = None,
        summary: str | None = None,
    ) -> CheckRun:
        """Add a check run; a run that is not completed has no conclusion."""
        now = written(self._clock())
        is_done = status == "completed"
        return self._store.put(
            CheckRun(
                id=self._store.next_id(),
                repository_id=repository.id,
                sha=sha,
                name=name,
                status=status,
                conclusion=conclusion if is_done else None,
                started_at=now,
                completed_at=now if is_done else None,
                title=title,
                summary=summary,
            )
        )

    def check_runs(self, repository: Repository, sha: str) -> list[CheckRun]:
        """Return the newest check run of each name."""
        newest = {run.name: run for run in self._store.children(CheckRun, repository.id, sha)}
        return list(newest.values())

    def add_review(self, pull: Pull, *, author: str, state: str, body: str = "") -> Review:
        """Add a review: APPROVED, CHANGES_REQUESTED or COMMENTED."""
        self._accounts.create_user(author)
        return self._store.put(
            Review(
                id=self._store.next_id(),
                repository_id=pull.repository_id,
                number=pull.number,
                author=author,
                state=state,
                body=body,
                commit_id=pull.head_sha,
                submitted_at=written(self._clock()),
            )
        )

    def reviews(self, pull: Pull) -> list[Review]:
        """Return the reviews of a pull request, oldest first."""
        return self._store.children(Review, pull.repository_id, pull.number)


def combined_state(states: list[str]) -> str:
    """Return GitHub's verdict on the newest states: failure over pending over success; none is pending."""
    if {"error", "failure"} & set(states):
        return "failure"
    return "success" if states and set(states) == {"success"} else "pending"

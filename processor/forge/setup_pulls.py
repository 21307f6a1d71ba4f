"""The half of the set-up calls that is about pull requests and about looking at what is there."""

from processor.forge.storage.activity import CheckRun, Comment, Event, Review, SecurityAlert, Status
from processor.forge.storage.records import Issue, Label, Repository, User
from processor.forge.world.pulls import PullRequest
from processor.forge.world.world import World


class PullSetUp:
    """Arrange and inspect pull requests; inspect everything else."""

    world: World

    def open_pull(
        self,
        full_name: str,
        *,
        title: str,
        head: str,
        base: str = "main",
        body: str | None = None,
        author: str = "octocat",
        is_draft: bool = False,
    ) -> PullRequest:
        """Open a pull request between two branches of the repository."""
        repository = self.world.repositories.get(full_name)
        return self.world.pulls.open(
            repository, title=title, head=head, base=base, body=body, author=author, is_draft=is_draft
        )

    def edit_pull(self, full_name: str, number: int, *, is_draft: bool) -> PullRequest:
        """Make a pull request a draft, or ready for review."""
        return self.world.pulls.edit(self.pull(full_name, number), is_draft=is_draft)

    def merge_pull(
        self, full_name: str, number: int, *, method: str = "merge", actor: str = "octocat", force: bool = False
    ) -> PullRequest:
        """Merge for real in git, by merge, squash or rebase; `force` makes a draft ready first."""
        if force and self.pull(full_name, number).pull.is_draft:
            self.edit_pull(full_name, number, is_draft=False)
        repository = self.world.repositories.get(full_name)
        with self.world.store.transaction():
            return self.world.merging.merge(repository, number, method=method, actor=actor)

    def close_pull(self, full_name: str, number: int, *, actor: str = "octocat") -> PullRequest:
        """Close a pull request without merging."""
        return self.world.pulls.close(self.pull(full_name, number), actor=actor)

    def reopen_pull(self, full_name: str, number: int, *, actor: str = "octocat") -> PullRequest:
        """Open a closed pull request again."""
        return self.world.pulls.reopen(self.pull(full_name, number), actor=actor)

    def review_pull(
        self, full_name: str, number: int, *, author: str = "reviewer", state: str = "APPROVED", body: str = ""
    ) -> Review:
        """Review a pull request: APPROVED, CHANGES_REQUESTED or COMMENTED."""
        pull = self.pull(full_name, number).pull
        return self.world.checks.add_review(pull, author=author, state=state, body=body)

    def set_status(
        self,
        full_name: str,
        sha: str,
        *,
        state: str,
        context: str = "ci",
        description: str | None = None,
        creator: str = "octocat",
    ) -> Status:
        """Set a commit status: error, failure, pending or success."""
        repository = self.world.repositories.get(full_name)
        return self.world.checks.set_status(
            repository, sha, state=state, context=context, description=description, creator=creator
        )

    def add_check_run(
        self, full_name: str, sha: str, *, name: str, status: str = "completed", conclusion: str | None = "success"
    ) -> CheckRun:
        """Add a check run; `status` is queued, in_progress or completed."""
        repository = self.world.repositories.get(full_name)
        return self.world.checks.add_check_run(repository, sha, name=name, status=status, conclusion=conclusion)

    def enable_security_alerts(self, full_name: str, *kinds: str) -> None:
        """Switch kinds of security alerts on: dependabot, code-scanning, secret-scanning; at first none is."""
        self.world.security.enable(self.world.repositories.get(full_name), kinds)

    def add_security_alert(
        self, full_name: str, *, kind: str, severity: str | None = None, summary: str = "a weakness"
    ) -> SecurityAlert:
        """Open a security alert of a kind, which is switched on by it."""
        return self.world.security.add(self.world.repositories.get(full_name), kind, severity, summary)

    def delete_branch(self, full_name: str, branch: str, *, actor: str = "octocat") -> None:
        """Delete a branch, which closes the open pull requests from it."""
        repository = self.world.repositories.get(full_name)
        self.world.repositories.bare(repository).run("update-ref", "-d", f"refs/heads/{branch}")
        self.world.pulls.follow(repository, actor=actor)

    def issue(self, full_name: str, number: int) -> Issue:
        """Return an issue (or the issue side of a pull request)."""
        return self.world.issues.get(self.world.repositories.get(full_name), number)

    def issues(self, full_name: str, *, state: str = "all") -> list[Issue]:
        """Return the issues without the pull requests, oldest first."""
        found = self.world.issues.list(self.world.repositories.get(full_name))
        return [issue for issue in found if not issue.is_pull and state in {"all", issue.state}]

    def pull(self, full_name: str, number: int) -> PullRequest:
        """Return a pull request."""
        return self.world.pulls.get(self.world.repositories.get(full_name), number)

    def pulls(self, full_name: str, *, state: str = "all") -> list[PullRequest]:
        """Return the pull requests, oldest first."""
        found = self.world.pulls.list(self.world.repositories.get(full_name))
        return [one for one in found if state in {"all", one.issue.state}]

    def comments(self, full_name: str, number: int) -> list[Comment]:
        """Return the comments of an issue or a pull request."""
        return self.world.comments.of(self.issue(full_name, number))

    def events(self, full_name: str, number: int) -> list[Event]:
        """Return what happened to an issue or a pull request."""
        return self.world.history.of(self.issue(full_name, number))

    def labels(self, full_name: str) -> list[Label]:
        """Return the labels of a repository."""
        return self.world.labels.list(self.world.repositories.get(full_name))

    def reviews(self, full_name: str, number: int) -> list[Review]:
        """Return the reviews of a pull request."""
        return self.world.checks.reviews(self.pull(full_name, number).pull)

    def branches(self, full_name: str) -> dict[str, str]:
        """Return branch name to commit."""
        return self.world.repositories.branches(full_name)

    def repositories(self) -> list[Repository]:
        """Return every repository."""
        return self.world.repositories.list()

    def users(self) -> list[User]:
        """Return every account."""
        return self.world.accounts.list_users()

"""Pull requests: opened between branches, following their head, merged for real in git."""

from dataclasses import dataclass, replace

from processor.forge.git import reading, writing
from processor.forge.git.bare import BareRepository
from processor.forge.refusals import Refusal, invalid, not_found, unprocessable
from processor.forge.storage.records import Issue, Pull, Repository
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written
from processor.forge.world.history import History, closed_by
from processor.forge.world.issues import Issues
from processor.forge.world.repositories import Repositories


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Both sides of a pull request."""

    issue: Issue
    pull: Pull


class Pulls:
    """Open pull requests and keep them in step with git."""

    def __init__(
        self, store: Store, clock: Clock, repositories: Repositories, issues: Issues, history: History
    ) -> None:
        """Take the branches from `repositories`."""
        self._store = store
        self._clock = clock
        self._repositories = repositories
        self._issues = issues
        self._history = history

    def open(
        self,
        repository: Repository,
        *,
        title: str,
        head: str,
        base: str,
        body: str | None = None,
        author: str = "octocat",
        is_draft: bool = False,
        author_association: str | None = None,
    ) -> PullRequest:
        """Open a pull request from `head` (BRANCH or OWNER:BRANCH) into `base`; raise GitHub's 422s."""
        branch = self._branch_of(repository, head)
        with self._store.transaction():
            head_sha, base_sha = self._tips(repository, branch, base)
            self._refuse_duplicate(repository, branch, base)
            bare = self._repositories.bare(repository)
            if head_sha == base_sha or bare.is_ancestor(head_sha, base_sha):
                raise unprocessable("PullRequest", f"No commits between {base} and {branch}")
            issue = self._issues.open(
                repository, title=title, body=body, author=author, author_association=author_association, is_pull=True
            )
            pull = Pull(
                id=issue.id,
                repository_id=repository.id,
                number=issue.number,
                head_ref=branch,
                head_sha=head_sha,
                base_ref=base,
                base_sha=base_sha,
                is_draft=is_draft,
            )
            writing.move_ref(bare, f"refs/pull/{issue.number}/head", head_sha)
            return PullRequest(issue, self._store.put(pull))

    def get(self, repository: Repository, number: int) -> PullRequest:
        """Return the pull request; raise the 404 when the number is no pull request."""
        issue = self._issues.get(repository, number)
        pull = self._store.get(Pull, issue.id)
        if pull is None:
            raise not_found()
        return PullRequest(issue, pull)

    def list(self, repository: Repository) -> list[PullRequest]:
        """Return every pull request, oldest first."""
        return [self.get(repository, pull.number) for pull in self._store.children(Pull, repository.id)]

    def edit(self, found: PullRequest, *, base: str | None = None, is_draft: bool | None = None) -> PullRequest:
        """Change the base branch or the draft state (None leaves it)."""
        pull = found.pull
        with self._store.transaction():
            if base is not None and base != pull.base_ref:
                tip = self._repositories.bare(self._repositories.by_id(pull.repository_id)).branch(base)
                if tip is None:
                    raise invalid("PullRequest", "base")
                pull = replace(pull, base_ref=base, base_sha=tip)
            if is_draft is not None and is_draft != pull.is_draft:
                event = "convert_to_draft" if is_draft else "ready_for_review"
                self._history.add(found.issue, event, actor=found.issue.author)
                pull = replace(pull, is_draft=is_draft)
            return PullRequest(found.issue, self._store.put(pull))

    def close(self, found: PullRequest, *, actor: str) -> PullRequest:
        """Close it without merging."""
        return PullRequest(self._issues.close(found.issue, actor=actor), found.pull)

    def reopen(self, found: PullRequest, *, actor: str) -> PullRequest:
        """Open it again; raise the 422 when it was merged, its head is gone or another one took its place."""
        pull = found.pull
        repository = self._repositories.by_id(pull.repository_id)
        if pull.merged_at or self._repositories.bare(repository).branch(pull.head_ref) is None:
            raise invalid("PullRequest", "state")
        self._refuse_duplicate(repository, pull.head_ref, pull.base_ref)
        issue = self._issues.reopen(found.issue, actor=actor)
        self.follow(repository)
        return PullRequest(issue, self.get(repository, pull.number).pull)

    def mark_merged(self, found: PullRequest, *, merge_sha: str, actor: str) -> PullRequest:
        """Note the merge and close the issues that body and commits say it fixes, on the default branch."""
        repository = self._repositories.by_id(found.pull.repository_id)
        with self._store.transaction():
            pull = replace(found.pull, merged_at=written(self._clock()), merged_by=actor, merge_commit_sha=merge_sha)
            self._store.put(pull)
            self._history.add(found.issue, "merged", actor=actor, commit_id=merge_sha)
            issue = self._issues.close(found.issue, actor=actor, commit_id=merge_sha)
            if pull.base_ref == repository.default_branch:
                self.close_fixed(repository, self._texts(repository, issue, pull), actor=actor, commit_id=merge_sha)
            return PullRequest(issue, pull)

    def close_fixed(self, repository: Repository, text: str, *, actor: str, commit_id: str) -> None:
        """Close the open issues that `text` says are fixed."""
        for number in dict.fromkeys(closed_by(text)):
            try:
                target = self._issues.get(repository, number)
            except Refusal:
                continue
            if not target.is_pull:
                self._issues.close(target, actor=actor, commit_id=commit_id)

    def follow(self, repository: Repository, *, actor: str = "octocat") -> None:
        """Bring open pull requests in step with the branches, after a push or a ref change.

        A head that moved is followed, one that is contained in its base counts as merged, one that is gone
        closes the pull request, all as on GitHub.
        """
        bare = self._repositories.bare(repository)
        with self._store.transaction():
            for found in self.list(repository):
                if found.issue.state == "open":
                    self._follow_one(bare, found, actor)

    def mergeable(self, repository: Repository, pull: Pull) -> bool:
        """Tell whether base and head merge without a conflict now."""
        bare = self._repositories.bare(repository)
        tip = bare.branch(pull.base_ref)
        return tip is not None and reading.merged_tree(bare, tip, pull.head_sha) is not None

    def _follow_one(self, bare: BareRepository, found: PullRequest, actor: str) -> None:
        pull, issue = found.pull, found.issue
        head, base = bare.branch(pull.head_ref), bare.branch(pull.base_ref)
        if head is None:
            self._history.add(issue, "head_ref_deleted", actor=actor)
            self._issues.close(issue, actor=actor)
        elif head != pull.head_sha:
            if not bare.is_ancestor(pull.head_sha, head):
                self._history.add(issue, "head_ref_force_pushed", actor=actor, commit_id=head)
            writing.move_ref(bare, f"refs/pull/{pull.number}/head", head)
            pull = self._store.put(replace(pull, head_sha=head))
            issue = self._store.put(replace(issue, updated_at=written(self._clock())))
        if head is not None and base is not None and base != pull.base_sha and bare.is_ancestor(head, base):
            self.mark_merged(PullRequest(issue, pull), merge_sha=base, actor=actor)

    def _texts(self, repository: Repository, issue: Issue, pull: Pull) -> str:
        bare = self._repositories.bare(repository)
        messages = bare.run("log", "--format=%B", f"{pull.base_sha}..{pull.head_sha}")
        return f"{issue.body or ''}\n{messages}"

    def _branch_of(self, repository: Repository, head: str) -> str:
        owner, colon, branch = head.rpartition(":")
        if colon and owner.lower() != repository.owner.lower():
            raise invalid("PullRequest", "head")
        return branch

    def _tips(self, repository: Repository, head: str, base: str) -> tuple[str, str]:
        bare = self._repositories.bare(repository)
        head_sha, base_sha = bare.branch(head), bare.branch(base)
        if base_sha is None:
            raise invalid("PullRequest", "base")
        if head_sha is None:
            raise invalid("PullRequest", "head")
        return head_sha, base_sha

    def _refuse_duplicate(self, repository: Repository, head: str, base: str) -> None:
        for found in self.list(repository):
            is_same = (found.pull.head_ref, found.pull.base_ref) == (head, base)
            if is_same and found.issue.state == "open":
                raise unprocessable("PullRequest", f"A pull request already exists for {repository.owner}:{head}.")

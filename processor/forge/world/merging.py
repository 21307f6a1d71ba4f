"""Merge a pull request or a branch in git, as GitHub's merge button does."""

from processor.forge.git import reading, writing
from processor.forge.git.bare import BareRepository, GitError
from processor.forge.refusals import Refusal
from processor.forge.storage.records import Pull, Repository
from processor.forge.times import Clock
from processor.forge.world.pulls import PullRequest, Pulls
from processor.forge.world.repositories import Repositories

NOT_MERGEABLE = "Pull Request is not mergeable"
METHODS = ("merge", "squash", "rebase")


class Merging:
    """Merge branches for real."""

    def __init__(self, clock: Clock, repositories: Repositories, pulls: Pulls) -> None:
        """Note merges on `pulls`."""
        self._clock = clock
        self._repositories = repositories
        self._pulls = pulls

    def merge(
        self,
        repository: Repository,
        number: int,
        *,
        actor: str = "octocat",
        method: str = "merge",
        sha: str | None = None,
        title: str | None = None,
        message: str | None = None,
    ) -> PullRequest:
        """Merge a pull request by `method` (merge, squash, rebase) and return it.

        Raise the 405 when it is closed, a draft or in conflict, the 409 when `sha` is not its head.
        """
        self._pulls.follow(repository, actor=actor)
        found = self._pulls.get(repository, number)
        if method not in METHODS:
            raise Refusal(422, f"Invalid request.\n\n{method} is not one of {', '.join(METHODS)}.")
        if found.issue.state != "open" or found.pull.merged_at:
            raise Refusal(405, NOT_MERGEABLE)
        if found.pull.is_draft:
            raise Refusal(405, "Pull Request is still a draft")
        if sha is not None and sha != found.pull.head_sha:
            raise Refusal(409, "Head branch was modified. Review and try the merge again.")
        heading = title or self._heading(repository, found, method)
        text = f"{heading}\n\n{found.issue.title if message is None else message}".rstrip() + "\n"
        bare = self._repositories.bare(repository)
        tip = self._join(bare, found.pull, method=method, text=text, actor=actor)
        merged = self._pulls.mark_merged(found, merge_sha=tip, actor=actor)
        self._pulls.follow(repository, actor=actor)
        return merged

    def merge_branches(
        self, repository: Repository, *, base: str, head: str, message: str | None = None, actor: str = "octocat"
    ) -> str | None:
        """Merge `head` into the branch `base`; return the merge commit, None when there is nothing to merge."""
        bare = self._repositories.bare(repository)
        base_sha, head_sha = bare.branch(base), bare.resolve(head)
        if base_sha is None or head_sha is None:
            raise Refusal(404, "Base does not exist" if base_sha is None else "Head does not exist")
        if bare.is_ancestor(head_sha, base_sha):
            return None
        text = (message or f"Merge {head} into {base}") + "\n"
        tree = reading.merged_tree(bare, base_sha, head_sha)
        if tree is None:
            raise Refusal(409, "Merge conflict")
        moment = self._clock()
        tip = writing.commit_tree(bare, tree, (base_sha, head_sha), message=text, author=actor, moment=moment)
        writing.move_ref(bare, f"refs/heads/{base}", tip, base_sha)
        self._pulls.follow(repository, actor=actor)
        return tip

    def _join(self, bare: BareRepository, pull: Pull, *, method: str, text: str, actor: str) -> str:
        base = bare.branch(pull.base_ref)
        if base is None:
            raise Refusal(405, NOT_MERGEABLE)
        if method == "rebase":
            tip = writing.rebased(bare, base, pull.head_sha)
        else:
            parents = (base, pull.head_sha) if method == "merge" else (base,)
            tree = reading.merged_tree(bare, base, pull.head_sha)
            moment = self._clock()
            tip = tree and writing.commit_tree(bare, tree, parents, message=text, author=actor, moment=moment)
        if not tip:
            raise Refusal(405, NOT_MERGEABLE)
        try:
            writing.move_ref(bare, f"refs/heads/{pull.base_ref}", tip, base)
        except GitError as exc:
            raise Refusal(409, "Base branch was modified. Review and try the merge again.") from exc
        return tip

    def _heading(self, repository: Repository, found: PullRequest, method: str) -> str:
        if method == "squash":
            return f"{found.issue.title} (#{found.issue.number})"
        return f"Merge pull request #{found.issue.number} from {repository.owner}/{found.pull.head_ref}"

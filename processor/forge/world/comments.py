"""Comments on issues and pull requests."""

from dataclasses import replace

from processor.forge.refusals import invalid, not_found, refuse_too_long
from processor.forge.storage.activity import Comment
from processor.forge.storage.records import Issue, Repository
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written
from processor.forge.world.accounts import Accounts


class Comments:
    """Write, change and delete comments."""

    def __init__(self, store: Store, clock: Clock, accounts: Accounts) -> None:
        """Keep comments in `store`."""
        self._store = store
        self._clock = clock
        self._accounts = accounts

    def add(self, issue: Issue, body: str, *, author: str, author_association: str | None = None) -> Comment:
        """Add a comment; raise the 422 when it is blank."""
        if not body.strip():
            raise invalid("IssueComment", "body", "missing_field")
        refuse_too_long("IssueComment", body=body)
        now = written(self._clock())
        with self._store.transaction():
            self._accounts.create_user(author)
            self._store.put(replace(issue, updated_at=now))
            return self._store.put(
                Comment(
                    id=self._store.next_id(),
                    repository_id=issue.repository_id,
                    number=issue.number,
                    author=author,
                    author_association=author_association,
                    body=body,
                    created_at=now,
                    updated_at=now,
                )
            )

    def of(self, issue: Issue) -> list[Comment]:
        """Return the comments of an issue, oldest first."""
        return self._store.children(Comment, issue.repository_id, issue.number)

    def everywhere(self, repository: Repository) -> list[Comment]:
        """Return the comments of every issue of a repository, oldest first."""
        return [comment for comment in self._store.all(Comment) if comment.repository_id == repository.id]

    def get(self, repository: Repository, comment_id: int) -> Comment:
        """Return the comment; raise the 404 when there is none here."""
        found = self._store.get(Comment, comment_id)
        if found is None or found.repository_id != repository.id:
            raise not_found()
        return found

    def edit(self, comment: Comment, body: str) -> Comment:
        """Replace the text."""
        if not body.strip():
            raise invalid("IssueComment", "body", "missing_field")
        refuse_too_long("IssueComment", body=body)
        return self._store.put(replace(comment, body=body, updated_at=written(self._clock())))

    def delete(self, comment: Comment) -> None:
        """Delete the comment."""
        self._store.remove(comment)

"""Issues: opened, edited, closed, locked, deleted, and listed by GitHub's filters."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from processor.forge.refusals import Refusal, gone, invalid, not_found, refuse_too_long
from processor.forge.storage.records import Issue, Repository
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written
from processor.forge.world.accounts import Accounts
from processor.forge.world.history import History, mentioned_in
from processor.forge.world.labels import Labels

DISABLED = "Issues has been disabled in this repository."


class Issues:
    """Open and change issues; pull requests are issues too."""

    def __init__(self, store: Store, clock: Clock, accounts: Accounts, history: History, labels: Labels) -> None:
        """Write what happens into `history`."""
        self._store = store
        self._clock = clock
        self._accounts = accounts
        self._history = history
        self._labels = labels

    def open(
        self,
        repository: Repository,
        *,
        title: str,
        body: str | None = None,
        author: str = "octocat",
        labels: Iterable[str] = (),
        assignees: Iterable[str] = (),
        author_association: str | None = None,
        is_locked: bool = False,
        created_at: datetime | None = None,
        is_pull: bool = False,
    ) -> Issue:
        """Open an issue and return it; raise the 410 when the repository has issues switched off."""
        if not repository.has_issues and not is_pull:
            raise gone(DISABLED)
        if not title.strip():
            raise invalid("Issue", "title", "missing_field")
        refuse_too_long("Issue", title=title, body=body)
        moment = written(created_at or self._clock())
        with self._store.transaction():
            self._accounts.create_user(author)
            issue = Issue(
                id=self._store.next_id(),
                repository_id=repository.id,
                number=len(self._store.children(Issue, repository.id)) + 1,
                title=title,
                body=body,
                author=author,
                author_association=author_association,
                created_at=moment,
                updated_at=moment,
                is_locked=is_locked,
                is_pull=is_pull,
            )
            self._store.put(issue)
            issue = self._labels.set(repository, issue, labels, actor=author)
            issue = self.assign(issue, assignees, actor=author)
            self._note_mentions(issue, author)
            return self._store.put(replace(issue, updated_at=moment))

    def get(self, repository: Repository, number: int) -> Issue:
        """Return the issue or pull request; raise the 404 or, once deleted or switched off, the 410."""
        numbered = self._store.children(Issue, repository.id)  # none is ever removed, so the place is the number
        found = numbered[number - 1] if 0 < number <= len(numbered) else None
        if found is not None and found.is_deleted:
            raise gone("This issue was deleted")
        if not repository.has_issues and not (found and found.is_pull):
            raise gone(DISABLED)
        if found is None:
            raise not_found()
        return found

    def list(self, repository: Repository) -> list[Issue]:
        """Return every issue and pull request that is here: neither deleted nor transferred; oldest first."""
        found = self._store.children(Issue, repository.id)
        return [issue for issue in found if not issue.is_deleted and issue.moved_to is None]

    def edit(
        self, issue: Issue, *, actor: str, title: str | None = None, body: str | None = None, state: str | None = None,
        state_reason: str | None = None,
    ) -> Issue:  # fmt: skip
        """Change what is given (None leaves it) and return the issue."""
        refuse_too_long("Issue", title=title, body=body)
        with self._store.transaction():
            changed = replace(
                issue,
                title=issue.title if title is None else title,
                body=issue.body if body is None else body,
                updated_at=written(self._clock()),
            )
            if changed.title != issue.title:
                self._history.add(issue, "renamed", actor=actor, renamed=(issue.title, changed.title))
            self._store.put(changed)
            if body is not None:
                self._note_mentions(changed, actor)
            if state == "closed" and issue.state == "open":
                return self.close(changed, actor=actor, reason=state_reason or "completed")
            if state == "open" and issue.state == "closed":
                return self.reopen(changed, actor=actor)
            return changed

    def close(self, issue: Issue, *, actor: str, reason: str = "completed", commit_id: str | None = None) -> Issue:
        """Close the issue, or return it as it is when it is closed."""
        if issue.state == "closed":
            return issue
        now = written(self._clock())
        with self._store.transaction():
            self._history.add(issue, "closed", actor=actor, commit_id=commit_id)
            why = None if issue.is_pull else reason
            return self._store.put(
                replace(issue, state="closed", state_reason=why, closed_at=now, closed_by=actor, updated_at=now)
            )

    def reopen(self, issue: Issue, *, actor: str) -> Issue:
        """Open the issue again."""
        with self._store.transaction():
            self._history.add(issue, "reopened", actor=actor)
            reopened = replace(issue, state="open", state_reason=None if issue.is_pull else "reopened", closed_at=None)
            return self._store.put(replace(reopened, closed_by=None, updated_at=written(self._clock())))

    def lock(self, issue: Issue, *, actor: str, is_locked: bool, reason: str | None = None) -> Issue:
        """Lock or unlock the conversation."""
        with self._store.transaction():
            self._history.add(issue, "locked" if is_locked else "unlocked", actor=actor)
            return self._store.put(replace(issue, is_locked=is_locked, lock_reason=reason if is_locked else None))

    def assign(self, issue: Issue, logins: Iterable[str], *, actor: str) -> Issue:
        """Make exactly these logins the assignees."""
        wanted = tuple(dict.fromkeys(logins))
        with self._store.transaction():
            for login in wanted:
                if login not in issue.assignees:
                    self._accounts.create_user(login)
                    self._history.add(issue, "assigned", actor=actor, assignee=login)
            for login in issue.assignees:
                if login not in wanted:
                    self._history.add(issue, "unassigned", actor=actor, assignee=login)
            return self._store.put(replace(issue, assignees=wanted, updated_at=written(self._clock())))

    def delete(self, issue: Issue) -> None:
        """Delete the issue for good: from now on it is a 410."""
        if issue.is_pull:
            raise Refusal(422, "pull requests cannot be deleted")
        self._store.put(replace(issue, is_deleted=True))

    def transfer(self, issue: Issue, target: Repository, *, actor: str) -> Issue:
        """Move an issue to another repository, with its labels and assignees, and return it as it is there."""
        if issue.is_pull:
            raise Refusal(422, "pull requests cannot be transferred")
        with self._store.transaction():
            there = self.open(
                target,
                title=issue.title,
                body=issue.body,
                author=issue.author,
                author_association=issue.author_association,
                labels=issue.labels,
                assignees=issue.assignees,
            )
            self._history.add(there, "transferred", actor=actor)
            self._store.put(replace(issue, moved_to=(target.id, there.number)))
            return there

    def _note_mentions(self, issue: Issue, actor: str) -> None:
        """Put a cross-reference on each issue that this one mentions, once."""
        by_number = {other.number: other for other in self._store.children(Issue, issue.repository_id)}
        for number in mentioned_in(issue.body or ""):
            target = by_number.get(number)
            if target is None or number == issue.number:
                continue
            if issue.number not in {event.source_number for event in self._history.of(target)}:
                self._history.add(target, "cross-referenced", actor=actor, source_number=issue.number)

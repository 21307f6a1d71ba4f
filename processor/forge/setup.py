"""Set the scene from Python (or over the control API): accounts, repositories, issues, pull requests.

Repositories are named OWNER/NAME, issues and pull requests by number. What GitHub would refuse is refused here too, as
Refusal. The records that are returned are frozen values as of now.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from processor.forge.git.writing import Files
from processor.forge.setup_pulls import PullSetUp
from processor.forge.storage.activity import Comment
from processor.forge.storage.records import App, Installation, Issue, Label, Repository, User


class SetUp(PullSetUp):
    """What a test or a demo may arrange, as if other people did it on GitHub."""

    def create_user(self, login: str, *, kind: str = "User") -> User:
        """Return the account with this login, made if it is new; `kind` is User, Organization or Bot."""
        return self.world.accounts.create_user(login, kind=kind)

    def create_token(
        self,
        login: str,
        *,
        scopes: Iterable[str] | None = ("repo",),
        permissions: Mapping[str, str] | None = None,
        repositories: Iterable[str] | None = None,
        expires_at: datetime | None = None,
        value: str | None = None,
    ) -> str:
        """Return a new token: classic with `scopes`, else fine-grained with `permissions` and `repositories`.

        `permissions` maps contents, issues, pull_requests, statuses, checks to read or write; None means
        whatever the user may. `value` chooses the text.
        """
        return self.world.accounts.create_token(
            login,
            scopes=scopes,
            permissions=permissions,
            repositories=repositories,
            expires_at=expires_at,
            value=value,
        )

    def revoke_token(self, value: str) -> None:
        """Make a token answer 401 from now on."""
        self.world.accounts.revoke_token(value)

    def create_app(
        self, slug: str, *, public_key: str, owner: str = "octocat", permissions: Mapping[str, str] | None = None
    ) -> App:
        """Register a GitHub App by the PEM text of its public key."""
        return self.world.accounts.create_app(slug, public_key=public_key, owner=owner, permissions=permissions)

    def install_app(self, app_id: int, account: str, *, repositories: Iterable[str] | None = None) -> Installation:
        """Install an app on an account, for all its repositories or for some."""
        return self.world.accounts.install_app(app_id, account, repositories=repositories)

    def create_repository(
        self,
        full_name: str,
        *,
        files: Files | None = None,
        source: Path | str | None = None,
        default_branch: str = "main",
        description: str = "",
        is_private: bool = False,
        has_issues: bool = True,
        collaborators: Mapping[str, str] | None = None,
        protected_branches: Iterable[str] = (),
        labels: Iterable[str] = (),
    ) -> Repository:
        """Create a repository from `files`, or from the plain, git or bare folder `source`; else with a README."""
        return self.world.repositories.create(
            full_name,
            files=files,
            source=Path(source) if source is not None else None,
            default_branch=default_branch,
            description=description,
            is_private=is_private,
            has_issues=has_issues,
            collaborators=collaborators,
            protected_branches=protected_branches,
            labels=labels,
        )

    def edit_repository(self, full_name: str, **changes: object) -> Repository:
        """Change is_private, is_archived, has_issues, description, protected_branches (a tuple)."""
        return self.world.repositories.edit(full_name, **changes)

    def rename_repository(self, full_name: str, new_full_name: str) -> Repository:
        """Give a repository another name or owner; the former name is redirected."""
        return self.world.repositories.rename(full_name, new_full_name)

    def set_collaborator(self, full_name: str, login: str, role: str | None) -> Repository:
        """Grant read, triage, write, maintain or admin; None takes it away."""
        return self.world.repositories.set_collaborator(full_name, login, role)

    def commit_files(
        self, full_name: str, files: Files, *, message: str = "Change", branch: str = "", author: str = "octocat"
    ) -> str:
        """Commit on a branch (the default one if unnamed, made if new) and return the SHA; None deletes a file."""
        sha = self.world.repositories.commit(full_name, files, message=message, branch=branch, author=author)
        self.world.pulls.follow(self.world.repositories.get(full_name), actor=author)
        return sha

    def create_label(self, full_name: str, name: str, *, color: str = "ededed", description: str = "") -> Label:
        """Create a label."""
        repository = self.world.repositories.get(full_name)
        return self.world.labels.create(repository, name, color=color, description=description)

    def open_issue(
        self,
        full_name: str,
        title: str,
        body: str | None = None,
        *,
        labels: Iterable[str] = (),
        author: str = "octocat",
        author_association: str | None = None,
        assignees: Iterable[str] = (),
        is_locked: bool = False,
        created_at: datetime | None = None,
    ) -> Issue:
        """Open an issue; unknown labels, authors and assignees are created."""
        return self.world.issues.open(
            self.world.repositories.get(full_name),
            title=title,
            body=body,
            labels=labels,
            author=author,
            author_association=author_association,
            assignees=assignees,
            is_locked=is_locked,
            created_at=created_at,
        )

    def edit_issue(
        self, full_name: str, number: int, *, title: str | None = None, body: str | None = None, actor: str = "octocat"
    ) -> Issue:
        """Change title or body (None leaves it)."""
        return self.world.issues.edit(self.issue(full_name, number), title=title, body=body, actor=actor)

    def set_labels(self, full_name: str, number: int, labels: Iterable[str], *, actor: str = "octocat") -> Issue:
        """Give an issue exactly these labels."""
        repository = self.world.repositories.get(full_name)
        return self.world.labels.set(repository, self.issue(full_name, number), labels, actor=actor)

    def close_issue(self, full_name: str, number: int, *, reason: str = "completed", actor: str = "octocat") -> Issue:
        """Close an issue; `reason` is completed, not_planned or duplicate."""
        return self.world.issues.close(self.issue(full_name, number), reason=reason, actor=actor)

    def reopen_issue(self, full_name: str, number: int, *, actor: str = "octocat") -> Issue:
        """Open an issue again."""
        return self.world.issues.reopen(self.issue(full_name, number), actor=actor)

    def lock_issue(self, full_name: str, number: int, *, is_locked: bool = True, actor: str = "octocat") -> Issue:
        """Lock or unlock a conversation."""
        return self.world.issues.lock(self.issue(full_name, number), is_locked=is_locked, actor=actor)

    def transfer_issue(self, full_name: str, number: int, target: str, *, actor: str = "octocat") -> Issue:
        """Move an issue to the repository `target`, and return it as it is there; its former address is redirected."""
        repository = self.world.repositories.get(target)
        return self.world.issues.transfer(self.issue(full_name, number), repository, actor=actor)

    def delete_issue(self, full_name: str, number: int) -> None:
        """Delete an issue, which then answers 410."""
        self.world.issues.delete(self.issue(full_name, number))

    def comment(self, full_name: str, number: int, body: str, *, author: str = "octocat") -> Comment:
        """Comment on an issue or a pull request."""
        return self.world.comments.add(self.issue(full_name, number), body, author=author)

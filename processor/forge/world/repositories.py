"""Repositories: made from files, a working folder or a bare one, and changed by commits."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from processor.forge.git import writing
from processor.forge.git.bare import BareRepository
from processor.forge.git.writing import Files
from processor.forge.refusals import invalid, not_found
from processor.forge.storage.records import Label, Repository
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written
from processor.forge.world.accounts import Accounts

INITIAL_FILES = {"README.md": "# A new repository\n"}


class Repositories:
    """Create, find and change repositories; names are OWNER/NAME."""

    def __init__(self, store: Store, clock: Clock, accounts: Accounts, folder: Path) -> None:
        """Keep the bare repositories below `folder`."""
        self._store = store
        self._clock = clock
        self._accounts = accounts
        self._folder = folder

    def create(
        self,
        full_name: str,
        *,
        files: Files | None = None,
        source: Path | None = None,
        default_branch: str = "main",
        description: str = "",
        is_private: bool = False,
        has_issues: bool = True,
        collaborators: Mapping[str, str] | None = None,
        protected_branches: Iterable[str] = (),
        labels: Iterable[str] = (),
    ) -> Repository:
        """Create a repository from `files` (path to content), or from the folder `source`.

        `source` may be a plain folder (one commit is made), a git working folder or a bare repository (its
        branches and tags are taken; the default branch must be among them). Without both it has a README.
        Raise the 422 when the name is taken.
        """
        owner, _, name = full_name.partition("/")
        with self._store.transaction():
            if self._store.children(Repository, full_name.lower()):
                raise invalid("Repository", "name", "already_exists")
            self._accounts.create_user(owner)
            for login in collaborators or {}:
                self._accounts.create_user(login)
            self._fill(BareRepository(self._path(full_name)), default_branch, files, source)
            now = written(self._clock())
            repository = self._store.put(
                Repository(
                    id=self._store.next_id(),
                    owner=owner,
                    name=name,
                    created_at=now,
                    pushed_at=now,
                    default_branch=default_branch,
                    description=description,
                    is_private=is_private,
                    has_issues=has_issues,
                    collaborators=dict(collaborators or {}),
                    protected_branches=tuple(protected_branches),
                )
            )
            for label in labels:
                self._store.put(Label(id=self._store.next_id(), repository_id=repository.id, name=label))
            return repository

    def edit(self, full_name: str, **changes: object) -> Repository:
        """Change fields of a repository (is_private, has_issues, is_archived, protected_branches, …)."""
        with self._store.transaction():
            return self._store.put(replace(self.get(full_name), **changes))  # type: ignore[arg-type]

    def set_collaborator(self, full_name: str, login: str, role: str | None) -> Repository:
        """Grant a role (read, triage, write, maintain, admin), or take it away with None."""
        with self._store.transaction():
            self._accounts.create_user(login)
            repository = self.get(full_name)
            others = {name: held for name, held in repository.collaborators.items() if name != login}
            granted = others if role is None else {**others, login: role}
            return self._store.put(replace(repository, collaborators=granted))

    def rename(self, full_name: str, new_full_name: str) -> Repository:
        """Give a repository another name, or another owner; the former name leads to it from now on."""
        with self._store.transaction():
            repository = self.get(full_name)
            if self._store.children(Repository, new_full_name.lower()):
                raise invalid("Repository", "name", "already_exists")
            owner, _, name = new_full_name.partition("/")
            self._accounts.create_user(owner)
            place = self._path(new_full_name)
            place.parent.mkdir(parents=True, exist_ok=True)
            self._path(full_name).rename(place)
            former = (*repository.former_names, repository.full_name.lower())
            return self._store.put(replace(repository, owner=owner, name=name, former_names=former))

    def find_renamed(self, former_name: str) -> Repository | None:
        """Return the repository that once had this name, unless another one has it now."""
        if self._store.children(Repository, former_name.lower()):
            return None
        return next((one for one in self.list() if former_name.lower() in one.former_names), None)

    def find_by_id(self, repository_id: int) -> Repository | None:
        """Return the repository with this id, or None."""
        return self._store.get(Repository, repository_id)

    def get(self, full_name: str) -> Repository:
        """Return the repository; raise the 404 when there is none."""
        found = self._store.children(Repository, full_name.lower())
        if not found:
            raise not_found()
        return found[0]

    def by_id(self, repository_id: int) -> Repository:
        """Return the repository with this id; raise the 404 when there is none."""
        found = self.find_by_id(repository_id)
        if found is None:
            raise not_found()
        return found

    def list(self) -> list[Repository]:
        """Return every repository, oldest first."""
        return self._store.all(Repository)

    def bare(self, repository: Repository) -> BareRepository:
        """Return the bare repository behind it."""
        return BareRepository(self._path(repository.full_name))

    def commit(
        self, full_name: str, files: Files, *, message: str = "Change", branch: str = "", author: str = "octocat"
    ) -> str:
        """Commit `files` (None deletes one) on a branch, the default one if unnamed; return the new SHA."""
        repository = self.get(full_name)
        bare = self.bare(repository)
        target = branch or repository.default_branch
        if branch and bare.branch(branch) is None and (tip := bare.branch(repository.default_branch)):
            writing.move_ref(bare, f"refs/heads/{branch}", tip)
        moment = self._clock()
        return writing.commit_files(bare, target, files, message=message, author=author, moment=moment)

    def branches(self, full_name: str) -> dict[str, str]:
        """Return branch name to commit."""
        refs = self.bare(self.get(full_name)).refs("refs/heads/")
        return {ref.removeprefix("refs/heads/"): sha for ref, sha in refs.items()}

    def _fill(self, bare: BareRepository, branch: str, files: Files | None, source: Path | None) -> None:
        is_git = source is not None and ((source / ".git").exists() or (source / "HEAD").exists())
        bare.create(branch, source if is_git else None)
        if is_git:
            return
        executables: Iterable[str] = ()
        if source is not None:
            files, executables = writing.folder_files(source)
        writing.commit_files(
            bare,
            branch,
            INITIAL_FILES if files is None else files,
            message="Initial commit",
            author="forge",
            moment=self._clock(),
            executables=executables,
        )

    def _path(self, full_name: str) -> Path:
        owner, _, name = full_name.partition("/")
        if not owner or not name or "/" in name or {owner, name} & {".", ".."}:
            raise invalid("Repository", "name")
        return self._folder / owner.lower() / f"{name.lower()}.git"

"""Decide who may see and do what; pure but for looking up an installation."""

from dataclasses import dataclass

from processor.forge.refusals import forbidden, not_found
from processor.forge.storage.records import Installation, Repository, Token
from processor.forge.storage.store import Store

ROLES = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a login with the token that proves it, or nobody (an empty login)."""

    login: str = ""
    token: Token | None = None


def role_of(store: Store, repository: Repository, viewer: Viewer) -> str:
    """Return what the viewer's account, not the token, may do in the repository."""
    login = viewer.login
    if viewer.token is not None and viewer.token.installation_id is not None:
        installation = store.get(Installation, viewer.token.installation_id)
        if installation is not None and installation.account.lower() == repository.owner.lower():
            return "maintain"
    return account_role(repository, login)


def account_role(repository: Repository, login: str) -> str:
    """Return the role of a login: admin for the owner, else what was granted, else read on public ones."""
    if login and login.lower() == repository.owner.lower():
        return "admin"
    granted = {name.lower(): role for name, role in repository.collaborators.items()}.get(login.lower())
    return granted or ("none" if repository.is_private else "read")


def can_see(store: Store, repository: Repository, viewer: Viewer) -> bool:
    """Tell whether the repository exists as far as the viewer is concerned."""
    if not repository.is_private:
        return True
    token = viewer.token
    if token is None or role_of(store, repository, viewer) == "none":
        return False
    if token.scopes is not None:
        return "repo" in token.scopes
    return _covers(token, repository)


def require(store: Store, repository: Repository, viewer: Viewer, resource: str, role: str = "read") -> None:
    """Raise what GitHub answers unless the viewer may write `resource` here and has at least `role`."""
    if not can_see(store, repository, viewer) or viewer.token is None:
        raise not_found()
    if not _may_write(viewer.token, repository, resource):
        kind = "integration" if viewer.token.installation_id else "personal access token"
        raise forbidden(f"Resource not accessible by {kind}")
    if ROLES.index(role_of(store, repository, viewer)) < ROLES.index(role):
        raise forbidden(f"Must have {role} rights to Repository.")
    if repository.is_archived:
        raise forbidden("Repository was archived so is read-only.")


def has_role(store: Store, repository: Repository, viewer: Viewer, role: str) -> bool:
    """Tell whether the viewer's account has at least `role`."""
    return ROLES.index(role_of(store, repository, viewer)) >= ROLES.index(role)


def require_read(token: Token | None, repository: Repository, resource: str) -> None:
    """Raise GitHub's 403 when a fine-grained token for a private repository lacks the resource."""
    if token is None or token.permissions is None or not repository.is_private:
        return
    if resource != "metadata" and resource not in token.permissions:
        kind = "integration" if token.installation_id else "personal access token"
        raise forbidden(f"Resource not accessible by {kind}")


def _may_write(token: Token, repository: Repository, resource: str) -> bool:
    if token.scopes is not None:
        return "repo" in token.scopes or ("public_repo" in token.scopes and not repository.is_private)
    if not _covers(token, repository):
        return False
    return token.permissions is None or token.permissions.get(resource) == "write"


def _covers(token: Token, repository: Repository) -> bool:
    names = {name.lower() for name in token.repositories or ()}
    return token.repositories is None or repository.full_name.lower() in names

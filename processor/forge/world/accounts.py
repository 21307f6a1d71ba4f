"""Users, tokens, apps and their installations."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from processor.forge.refusals import Refusal, invalid
from processor.forge.storage.records import App, Installation, Token, User
from processor.forge.storage.store import Store
from processor.forge.times import Clock, parsed, written

INSTALLATION_TOKEN_LIFETIME = timedelta(hours=1)


class Accounts:
    """Create accounts and their credentials."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep accounts in `store`; tell their age by `clock`."""
        self._store = store
        self._clock = clock

    def create_user(self, login: str, *, kind: str = "User") -> User:
        """Return the account with this login, made if it is new; `kind` is User, Organization or Bot."""
        with self._store.transaction():
            known = self.find_user(login)
            now = written(self._clock())
            return known or self._store.put(User(id=self._store.next_id(), login=login, kind=kind, created_at=now))

    def find_user(self, login: str) -> User | None:
        """Return the account, or None."""
        found = self._store.children(User, login.lower())
        return found[0] if found else None

    def list_users(self) -> list[User]:
        """Return every account, oldest first."""
        return self._store.all(User)

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
        """Return a new token of `login`, whose account is made if it is new.

        With `scopes` it is a classic token. With `scopes=None` it is a fine-grained one: `permissions` maps
        contents, issues, pull_requests, statuses, checks, administration and metadata to read or write
        (None: whatever the user may), `repositories` narrows it to some (None: all). `value` chooses the text.
        """
        classic = scopes is not None and permissions is None
        value = value or f"{'ghp_' if classic else 'github_pat_'}{secrets.token_hex(18)}"
        self.create_user(login)
        token = Token(
            id=self._store.next_id(),
            digest=_digest(value),
            login=login,
            scopes=tuple(scopes or ()) if classic else None,
            permissions=dict(permissions) if permissions is not None else None,
            repositories=tuple(repositories) if repositories is not None else None,
            expires_at=written(expires_at) if expires_at else None,
        )
        with self._store.transaction():
            if self._store.children(Token, token.digest):
                raise invalid("Token", "value", "already_exists")
            self._store.put(token)
        return value

    def revoke_token(self, value: str) -> None:
        """Make the token invalid from now on."""
        with self._store.transaction():
            for token in self._store.children(Token, _digest(value)):
                self._store.put(replace(token, is_revoked=True))

    def find_token(self, value: str) -> Token:
        """Return the valid token with this text; raise the 401 otherwise."""
        found = self._store.children(Token, _digest(value))
        now = self._clock()
        if not found or found[0].is_revoked or (found[0].expires_at and parsed(found[0].expires_at) <= now):
            raise Refusal(401, "Bad credentials")
        return found[0]

    def create_app(
        self, slug: str, *, public_key: str, owner: str = "octocat", permissions: Mapping[str, str] | None = None
    ) -> App:
        """Register an app whose JWTs are verified with `public_key` (PEM, RS256)."""
        granted = {"contents": "write", "issues": "write", "pull_requests": "write", "metadata": "read"}
        self.create_user(owner)
        self.create_user(f"{slug}[bot]", kind="Bot")
        app = App(
            id=self._store.next_id(),
            slug=slug,
            owner=owner,
            public_key=public_key,
            permissions=dict(permissions) if permissions is not None else granted,
            created_at=written(self._clock()),
        )
        return self._store.put(app)

    def install_app(self, app_id: int, account: str, *, repositories: Iterable[str] | None = None) -> Installation:
        """Install an app on an account, for all its repositories or for those named OWNER/NAME."""
        app = self.app(app_id)
        self.create_user(account)
        chosen = tuple(repositories) if repositories is not None else None
        return self._store.put(
            Installation(
                id=self._store.next_id(),
                app_id=app.id,
                account=account,
                repositories=chosen,
                permissions=dict(app.permissions),
                created_at=written(self._clock()),
            )
        )

    def app(self, app_id: int) -> App:
        """Return the app; raise the 404 when there is none."""
        found = self._store.get(App, app_id)
        if found is None:
            raise Refusal(404, "Integration not found")
        return found

    def installations(self, app_id: int | None = None) -> list[Installation]:
        """Return the installations of one app, or of all."""
        return self._store.all(Installation) if app_id is None else self._store.children(Installation, app_id)

    def create_installation_token(
        self,
        installation: Installation,
        *,
        permissions: Mapping[str, str] | None = None,
        repositories: Iterable[str] | None = None,
        lifetime: timedelta = INSTALLATION_TOKEN_LIFETIME,
    ) -> tuple[str, Token]:
        """Return a new token of an installation and its text; it ends after `lifetime`."""
        value = f"ghs_{secrets.token_hex(18)}"
        token = Token(
            id=self._store.next_id(),
            digest=_digest(value),
            login=f"{self.app(installation.app_id).slug}[bot]",
            permissions=dict(installation.permissions if permissions is None else permissions),
            repositories=tuple(repositories) if repositories is not None else installation.repositories,
            expires_at=written(self._clock() + lifetime),
            installation_id=installation.id,
        )
        return value, self._store.put(token)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()

"""Keep a GitHub App's installation token: minted when needed, renewed before it ends, once for all threads."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from processor.errors import GitHubAuthError
from processor.github_client.credentials import AppCredentials
from processor.github_client.pygithub import AppAuth

_RENEW_SECONDS = 300.0


@dataclass(frozen=True, kw_only=True)
class InstallationToken:
    """A token as GitHub minted it; `permissions` maps contents, issues, … to read or write."""

    value: str = field(repr=False)
    expires_at: datetime
    permissions: Mapping[str, str]


class AppTokens:
    """Give the current token of one installation; `mint` asks GitHub for a new one with a signed JWT."""

    def __init__(
        self, app: AppCredentials, mint: Callable[[str], InstallationToken], *, clock: Callable[[], float]
    ) -> None:
        self._app = app
        self._mint = mint
        self._clock = clock
        self._lock = threading.Lock()
        self._current: InstallationToken | None = None

    def current(self) -> InstallationToken:
        """Give a token that lasts at least five minutes more.

        Raises:
            GitHubAuthError: the key cannot be used, or GitHub does not know the App or its installation.
        """
        with self._lock:
            if self._current is None or self._current.expires_at.timestamp() - self._clock() < _RENEW_SECONDS:
                self._current = self._mint(self.sign())
            return self._current

    def forget(self, value: str) -> None:
        """Drop this token, which GitHub no longer accepts; a newer one stays."""
        with self._lock:
            if self._current is not None and self._current.value == value:
                self._current = None

    def sign(self) -> str:
        """Give a signed JWT, which proves the App itself for five minutes.

        Raises:
            GitHubAuthError: the key is no PEM text of an RSA key.
        """
        from jwt import PyJWTError  # noqa: PLC0415  # brings cryptography: 10 MB for a GitHub App only

        key = self._app.private_key()
        try:
            return AppAuth(self._app.app_id, key).create_jwt()
        except (PyJWTError, ValueError, TypeError, AssertionError) as exc:
            kind = type(exc).__name__
        # Outside the except block, so that no traceback with the key in its frames hangs on the error.
        raise GitHubAuthError(
            f"the private key of GitHub App {self._app.app_id} cannot be used ({kind}); "
            "github.app.private_key_file must be the PEM file that GitHub gave"
        )

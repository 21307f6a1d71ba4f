"""What proves who we are: a token, or a GitHub App's key."""

from collections.abc import Callable
from dataclasses import dataclass, field

Token = Callable[[], str]
"""Gives the secret when asked, every time anew, so that a rotated file is taken up without a restart."""


@dataclass(frozen=True, kw_only=True)
class AppCredentials:
    """A GitHub App installed on an account; `private_key` gives the PEM text when asked."""

    app_id: int
    installation_id: int
    private_key: Token = field(repr=False)


Credentials = Token | AppCredentials

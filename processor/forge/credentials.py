"""Find out who sends a request: nobody, the owner of a token, or an app with a signed JWT."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

import jwt

from processor.forge.refusals import Refusal
from processor.forge.storage.records import App
from processor.forge.world.accounts import Accounts
from processor.forge.world.permissions import Viewer

LONGEST_JWT_SECONDS = 660
EXPIRATION = "'Expiration time' claim ('exp')"


@dataclass(frozen=True, slots=True)
class Identity:
    """The viewer, or the app when a JWT was sent."""

    viewer: Viewer
    app: App | None = None

    @property
    def login(self) -> str:
        """Return who it is, for the request log and the rate limit; empty for nobody."""
        return self.app.slug if self.app else self.viewer.login


def identify(accounts: Accounts, headers: Mapping[str, str]) -> Identity:
    """Return who sent these headers; raise the 401 for credentials that are wrong."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    secret = _password(value) if scheme.lower() == "basic" else value.strip()
    if not scheme:
        return Identity(Viewer())
    if secret.count(".") == 2:
        return Identity(Viewer(), _app(accounts, secret))
    token = accounts.find_token(secret)
    return Identity(Viewer(token.login, token))


def _password(value: str) -> str:
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as exc:
        raise Refusal(401, "Bad credentials") from exc
    return user if password in {"", "x-oauth-basic"} else password


def _app(accounts: Accounts, text: str) -> App:
    """Return the app whose key signed the JWT; raise GitHub's 401 otherwise."""
    try:
        issuer = str(jwt.decode(text, options={"verify_signature": False}).get("iss", ""))
        app = accounts.app(int(issuer)) if issuer.isdigit() else None
        if app is None:
            raise Refusal(401, "A JSON web token could not be decoded")
        options = {"require": ["iat", "exp"], "verify_iss": False, "verify_sub": False}
        claims = jwt.decode(text, app.public_key, algorithms=["RS256"], options=options, leeway=5)  # type: ignore[arg-type]
    except jwt.ExpiredSignatureError as exc:
        raise Refusal(401, f"{EXPIRATION} must be a numeric value representing the future time") from exc
    except (jwt.InvalidTokenError, ValueError) as exc:
        raise Refusal(401, "A JSON web token could not be decoded") from exc
    if int(claims["exp"]) - int(claims["iat"]) > LONGEST_JWT_SECONDS:
        raise Refusal(401, f"{EXPIRATION} is too far in the future")
    return app

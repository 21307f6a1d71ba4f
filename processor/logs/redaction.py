"""Mask secrets in text: those that were read from files and variables, and whatever has the shape of a token."""

import math
import re
import threading
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote

MASK = "***"
_SHORTEST_SECRET = 4  # masking every "a" because a password is "a" would only destroy the log

# Source: the secret patterns of the original system's handbook (without its e-mail and IPv4 patterns, which also hit
# versions), and https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
_TOKEN = re.compile(
    r"""
      -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
    | (?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}
    | (?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9_]{16,}(?:\.[A-Za-z0-9_-]+){0,2}
    | (?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{16,}
    | (?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{16,}
    | (?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | \bAIza[A-Za-z0-9_-]{35}
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)|(?<=://)[^\s/@:]{16,}(?=@)")
_IN_HEADER = re.compile(r"(authorization['\"]?\s*[:=]\s*['\"]?(?:(?:basic|bearer|token)\s+)?)[^\s'\",]+", re.IGNORECASE)


def has_token(text: str) -> bool:
    """Tell whether the text holds something that has the shape of a secret."""
    return bool(_TOKEN.search(text) or _IN_ADDRESS.search(text))


class Redactor:
    """Masks the secrets it was told of, and everything that looks like one. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: tuple[str, ...] = ()

    def protect(self, secret: str) -> None:
        """Mask this text from now on, also URL-quoted and as git's password; under 4 characters is left alone."""
        forms = {secret, quote(secret, safe=""), b64encode(f"x-access-token:{secret}".encode()).decode()}
        with self._lock:
            known = set(self._secrets) | (forms if len(secret) >= _SHORTEST_SECRET else set())
            # The longest first, so that a secret inside another one leaves no rest behind.
            self._secrets = tuple(sorted(known, key=len, reverse=True))

    def redact(self, text: str) -> str:
        """Return the text with every secret replaced by `***`."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _IN_HEADER.sub(rf"\g<1>{MASK}", _IN_ADDRESS.sub(MASK, _TOKEN.sub(MASK, text)))

    def redact_value(self, value: object) -> object:
        """Return a value that JSON can hold, with every secret in it masked, at any depth."""
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, Mapping):
            return {self.redact(str(key)): self.redact_value(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.redact_value(item) for item in value]
        return self.redact(value if isinstance(value, str) else str(value))


# The process has one set of secrets and one log: what the settings read is masked wherever it is logged.
PROCESS_REDACTOR = Redactor()

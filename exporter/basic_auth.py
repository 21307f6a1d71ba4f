"""Check a user and a password against bcrypt hashes, at the cost of bcrypt only once for each answer.

Source: https://www.rfc-editor.org/rfc/rfc7617
"""

import base64
import binascii
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

import bcrypt

#: Answers that are remembered; more would only help somebody who guesses.
_KEPT: Final = 100
#: bcrypt reads no more of a password. Source: https://pypi.org/project/bcrypt/
_LONGEST_BYTES: Final = 72


class BasicAuth:
    """Remembers answers by a keyed digest, so that neither a scrape costs a bcrypt nor a password lies in memory."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        # One check at a time: whoever guesses in parallel must not take all the CPU.
        self._bcrypt = threading.Lock()
        self._answers: OrderedDict[bytes, bool] = OrderedDict()

    def is_known(self, header: str, users: Mapping[str, bytes]) -> bool:
        """Tell whether an `Authorization` header names one of the users with the right password."""
        found = _user_and_password(header)
        if found is None or not users:
            return False
        user, password = found
        # A stranger costs as much as a wrong password, or the time would tell which users there are.
        expected = users.get(user)
        hashed = expected or next(iter(users.values()))
        digest = hmac.digest(self._key, b"\0".join((user.encode(), hashed, password)), "sha256")
        with self._bcrypt:
            if digest not in self._answers:
                self._answers[digest] = _fits(password, hashed)
                while len(self._answers) > _KEPT:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(digest)
            return self._answers[digest] and expected is not None


def _user_and_password(header: str) -> tuple[str, bytes] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        return (user.decode(), password) if colon else None
    except (binascii.Error, ValueError):
        return None


def _fits(password: bytes, hashed: bytes) -> bool:
    return len(password) <= _LONGEST_BYTES and b"\0" not in password and bcrypt.checkpw(password, hashed)

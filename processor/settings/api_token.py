"""The token that whoever changes something over HTTP must show; made at the first start, for our user alone."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from processor.errors import Fault, SettingsError
from processor.settings.secrets import Secret, read_secret_word
from processor.settings.sections import State

_NAME = "api_token"


def api_token_file(state: State) -> Path:
    """Tell where the token lies: in the state folder, which no sandbox shows to agents and checks."""
    return state.directory / _NAME


def read_api_token(state: State) -> Secret:
    """Read the token of the service whose state folder this is.

    Raises:
        SettingsError: there is none, it cannot be read, or the file holds no token.
    """
    return read_secret_word(
        api_token_file(state), _NAME, "take the file away; the next start of `aip run` makes it anew"
    )


def make_api_token(state: State) -> Secret:
    """Read the token, made first when there is none.

    Raises:
        SettingsError: the file can be neither read nor made.
    """
    path = api_token_file(state)
    try:
        if not path.exists():
            _write_once(path)
    except OSError as exc:
        problem = f"the file cannot be made ({exc.strerror})"
        remedy = "make the state folder writable for this user"
        raise SettingsError([Fault(str(path), None, _NAME, "", problem, remedy)]) from exc
    return read_api_token(state)


def _write_once(path: Path) -> None:
    """Put a whole file there at once; of several services that share the folder one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file, name = tempfile.mkstemp(prefix=f".{_NAME}-", dir=path.parent)  # for our user alone
    try:
        with os.fdopen(file, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(32) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()

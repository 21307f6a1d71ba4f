"""Read a secret anew whenever it is needed, so that a rotated file is taken up without a restart."""

import threading
from collections.abc import Callable, Mapping

from processor import logs
from processor.errors import SettingsError
from processor.settings.secrets import Secret, read_database_password
from processor.settings.sections import State

_LOG = logs.get_logger("settings")


class RotatingSecret:
    """A secret as its file or variable holds it now. Usable from several threads.

    A file that is being replaced may be absent or empty for a moment; the last good text is used meanwhile, and it is
    logged once. Whoever wants us to stop revokes the token on GitHub.
    """

    def __init__(self, read: Callable[[], Secret]) -> None:
        """Read it for the first time.

        Raises:
            SettingsError: what is set holds no secret.
        """
        self._read = read
        self._guard = threading.Lock()
        self._last = read()
        self._is_readable = True

    def reveal(self) -> str:
        """Give the text as of now."""
        with self._guard:
            try:
                self._last = self._read()
                self._is_readable = True
            except SettingsError as exc:
                if self._is_readable:
                    _LOG.warning(logs.SECRET_UNREADABLE, message=str(exc))
                self._is_readable = False
            return self._last.reveal()


def rotating_database_password(state: State, environ: Mapping[str, str]) -> Callable[[], str] | None:
    """Give what reads the database password anew whenever it is asked; None where none is set.

    Raises:
        SettingsError: the file is missing or empty.
    """
    first = read_database_password(state, environ)
    return None if first is None else RotatingSecret(lambda: read_database_password(state, environ) or first).reveal

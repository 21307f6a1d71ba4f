"""Keep the `web.yml` in force: read again when it or a file that it names changes; a bad one changes nothing."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from exporter.web_config import WebConfig, read_web_config
from processor import logs
from processor.errors import SettingsError

#: How often the files are looked at, at most.
_LOOK_SECONDS: Final = 1.0
_OPENED: Final = (
    "takes TLS or every user away, which is not done while it runs; start the exporter again if it is meant"
)
_LOG = logs.get_logger("exporter")
Stamp = tuple[tuple[int, int, int] | None, ...]


class WebAccess:
    """Who may come in, and how. Safe to use from several threads."""

    def __init__(self, path: Path | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Read the file for the first time; without one everybody may, over plain HTTP.

        Raises:
            SettingsError: the file is wrong.
        """
        self._path = path
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked_at = monotonic()
        self._config = WebConfig(None, {}, ()) if path is None else read_web_config(path)
        self._stamp = _stamp(self._config.files)

    def current(self) -> WebConfig:
        """Give the last good configuration."""
        with self._lock:
            if self._path is not None and self._monotonic() - self._looked_at >= _LOOK_SECONDS:
                self._looked_at = self._monotonic()
                self._look(self._path)
            return self._config

    def _look(self, path: Path) -> None:
        stamp = _stamp(self._config.files)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            config = read_web_config(path)
        except SettingsError as exc:
            self._refuse(path, [str(fault) for fault in exc.faults])
            return
        if _opens(self._config, config):
            self._refuse(path, [_OPENED])
            return
        self._config, self._stamp = config, _stamp(config.files)
        _LOG.info(logs.WEB_CONFIG_LOADED, path=str(path))

    def _refuse(self, path: Path, faults: list[str]) -> None:
        _LOG.error(logs.WEB_CONFIG_REFUSED, path=str(path), faults=faults)


def _opens(before: WebConfig, after: WebConfig) -> bool:
    """Tell whether TLS or the users would be gone: a file that is being written is empty for a moment."""
    return (before.tls is not None and after.tls is None) or (bool(before.users) and not after.users)


def _stamp(files: tuple[Path, ...]) -> Stamp:
    return tuple(_look_at(file) for file in files)


def _look_at(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns

"""The settings files of one service: read them again, and notice when they changed."""

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from processor.settings.load import ENVIRONMENTS_FILE, FILES, Loaded, load


@dataclass(frozen=True)
class SettingsFiles:
    """A folder of settings files, and the variables that lie above them."""

    directory: Path
    environ: Mapping[str, str]

    def load(self) -> Loaded:
        """Read everything anew; see `load`."""
        return load(self.directory, self.environ)

    def fingerprint(self) -> str:
        """Tell one content of the files from another; by content, because mounted files keep their times."""
        digest = hashlib.sha256()
        for name in (*FILES, ENVIRONMENTS_FILE):
            digest.update(b"\0" + name.encode() + b"\0" + _content(self.directory / name))
        return digest.hexdigest()


def _content(path: Path) -> bytes:
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
        # A pipe would be waited for, and with it every end of an override.
        return path.read_bytes() if kind == stat.S_IFREG else f"no file but {kind:o}".encode()
    except FileNotFoundError:
        return b"absent"
    except OSError as exc:
        return f"unreadable: {exc.strerror}".encode()

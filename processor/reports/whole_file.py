"""Write a file at once: nobody ever reads half of it."""

import contextlib
import secrets
from pathlib import Path

from processor.errors import ResourceError


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once, so that nobody ever reads half of it.

    Raises:
        ResourceError: its folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as exc:
        raise ResourceError(
            f"{path} cannot be written ({exc.strerror}); make its folder writable for this user, and free space "
            "where there is none"
        ) from exc


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with new.open("x", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise

"""Remove folders that an agent may have filled with whatever it liked."""

import contextlib
import os
import shutil
import uuid
from pathlib import Path


def discard(path: Path, trash: Path) -> bool:
    """Remove a folder, file or link at once for everyone else, then delete its content; False when there was none.

    It is moved into `trash` first, so a half-deleted folder is never taken for a whole one.
    """
    trash.mkdir(parents=True, exist_ok=True)
    doomed = trash / uuid.uuid4().hex
    try:
        path.rename(doomed)
    except FileNotFoundError:
        return False
    delete(doomed)
    return True


def delete(path: Path) -> None:
    """Delete a folder, file or link, also where permissions were taken away; links are never followed.

    Another process may delete the same at the same time; what the two leave to each other, the next sweep takes.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        with contextlib.suppress(FileNotFoundError):
            _open_folders(path)
            shutil.rmtree(path)


def _open_folders(path: Path) -> None:
    path.chmod(0o700)
    for folder, names, _ in os.walk(path):
        for name in names:
            if not Path(folder, name).is_symlink():
                Path(folder, name).chmod(0o700)

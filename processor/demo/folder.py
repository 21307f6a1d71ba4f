"""Where the demo keeps everything: one folder with forge, settings, state, logs, and the token in a file of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processor.errors import UsageError


@dataclass(frozen=True)
class DemoFolder:
    """The places under one absolute root."""

    root: Path

    @property
    def forge(self) -> Path:
        """What the embedded forge keeps: bare repositories and its own records."""
        return self.root / "forge"

    @property
    def configs(self) -> Path:
        """The settings files, to be given to `aip --config-dir`."""
        return self.root / "configs"

    @property
    def state(self) -> Path:
        """The ledger, mirrors and worktrees."""
        return self.root / "state"

    @property
    def logs(self) -> Path:
        """The operator's log, and what agents, checks and the service print."""
        return self.root / "logs"

    @property
    def token(self) -> Path:
        """The file that holds the forge's token alone."""
        return self.root / "token"

    @property
    def canary(self) -> Path:
        """A file that the tricky issue asks for; it must never come to be."""
        return self.root / "canary"

    def worktrees_left(self) -> tuple[str, ...]:
        """Name the worktrees that are still there."""
        folder = self.state / "worktrees"
        return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()

    def write_token(self, token: str) -> None:
        """Keep the token where only its owner reads it."""
        descriptor = os.open(self.token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{token}\n")


@contextmanager
def demo_folder(keep: Path | None) -> Iterator[DemoFolder]:
    """Give an empty folder: `keep`, which stays, or a temporary one that is removed at the end.

    Raises:
        UsageError: `keep` cannot be made, or holds something.
    """
    if keep is not None:
        yield DemoFolder(_made(keep))
        return
    root = Path(tempfile.mkdtemp(prefix="aip-demo-")).resolve()
    try:
        yield DemoFolder(root)
    finally:
        # git writes its objects read-only, and an agent that was killed may have left a file half-made.
        shutil.rmtree(root, ignore_errors=True)


def _made(keep: Path) -> Path:
    try:
        keep.mkdir(parents=True, exist_ok=True)
        is_empty = not any(keep.iterdir())
    except OSError as exc:
        raise UsageError(f"folder {keep} cannot be used: {exc.strerror}; name another with --keep") from exc
    if not is_empty:
        raise UsageError(f"folder {keep} holds something already; name an empty or a new one with --keep")
    return keep.resolve()

"""Name, clear and read the files an agent's programs write; what they left there is not trusted."""

import contextlib
import os
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from processor.agents.confinement import AGENT_FOLDER
from processor.agents.profiles import Printed

_MAX_OUTPUT_FILE_BYTES = 5_000_000


@dataclass(frozen=True, kw_only=True)
class OutputFiles:
    """Where the prompt and the output of one agent run are."""

    prompt: Path
    stdout: Path
    stderr: Path
    output_file: Path  #: {output_file}: written by the agent itself

    @classmethod
    def prepare(cls, directory: Path) -> Self:
        """Make the folder; what an earlier attempt left there is removed, so that nothing is read twice."""
        folder = directory / AGENT_FOLDER
        files = cls(
            prompt=directory / "agent.prompt",
            stdout=directory / "agent.stdout",
            stderr=directory / "agent.stderr",
            output_file=folder / "agent.output",
        )
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
        for path in (files.prompt, files.stdout, files.stderr):
            path.unlink(missing_ok=True)
        folder.mkdir(parents=True, mode=0o700)
        return files

    def write_prompt(self, text: str) -> None:
        """Write the prompt for this user's eyes alone."""
        with os.fdopen(os.open(self.prompt, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "replace"))

    def read(self, max_bytes: int) -> Printed:
        """Read everything the program left, each stream up to `max_bytes`."""
        return Printed(
            stdout=_read(self.stdout, max_bytes),
            stderr=_read(self.stderr, max_bytes),
            output_file=_read(self.output_file, min(max_bytes, _MAX_OUTPUT_FILE_BYTES)),
        )


def _read(path: Path, max_bytes: int) -> str:
    # A link in place of the file would show the agent's reader something that the agent itself may not see.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            return ""
        return file.read(max_bytes).decode("utf-8", "replace")


def remove_litter(worktree: Path, patterns: Sequence[str], tracked_files: Sequence[str]) -> None:
    """Remove files of the CLI's own at the top of the worktree, unless the repository tracks them."""
    if worktree.is_symlink():
        return  # the agent put it there, and what it leads to is not ours to tidy up
    tracked = {path.partition("/")[0] for path in tracked_files}
    for pattern in patterns:
        for path in worktree.glob(pattern):
            if path.name in tracked:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

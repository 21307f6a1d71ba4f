"""Say what an agent's programs may reach in their sandbox."""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from processor.agents.profiles import Profile
from processor.agents.protocol import AgentTask
from processor.processes import Sandbox, detect_sandbox
from processor.settings.secrets import secret_files
from processor.settings.sections import Settings

#: Below the output directory: the one folder there that an agent may write.
AGENT_FOLDER = "agent"
_SQLITE = "sqlite:///"
# Whoever reads these acts as their owner. What signs the agent itself in is in folders of its own.
_SECRETS_IN_HOME = (
    ".ssh",
    ".gnupg",
    ".config/gh",
    ".config/git/credentials",
    ".git-credentials",
    ".netrc",
    ".pgpass",
    ".pypirc",
    ".npmrc",
    ".aws",
    ".azure",
    ".config/gcloud",
    ".docker",
    ".kube",
)


def agent_sandbox(
    task: AgentTask, settings: Settings, profile: Profile | None, home: str | None, environ: Mapping[str, str]
) -> Sandbox:
    """Return the sandbox of a task: the worktree and the CLI's own folders are writable, our secrets are hidden.

    The folders of the CLI are made when they are missing, as it would make them itself.

    Args:
        profile: None for a tool that needs neither the network nor a home folder.
        home: the agent's home folder; None when it has none.
        environ: of the service; it may name files of secrets.
    """
    own_folders: tuple[Path, ...] = ()
    if profile is not None and home and detect_sandbox(settings.security.sandbox).is_active:
        own_folders = tuple(_own_folders(profile, Path(home)))
    in_home = [Path(home, name) for name in _SECRETS_IN_HOME] if home else []
    return Sandbox(
        mode=settings.security.sandbox,
        writable=(task.worktree, task.output_directory / AGENT_FOLDER, *own_folders),
        readable=(
            task.output_directory,
            *_git_folders(task.worktree),
            Path(sys.prefix),
            Path(sys.base_prefix),
            *settings.security.sandbox_readable,
        ),
        hidden=(*_our_secrets(settings, environ), *in_home),
        # Whoever rewrites .git makes our next git command run a program of theirs.
        locked=(task.worktree / ".git",),
        network=profile is not None,
    )


def without_temporary_folder(environment: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Drop TMPDIR where a sandbox works: there /tmp is private and writable, and no other temporary folder is."""
    if not detect_sandbox(settings.security.sandbox).is_active:
        return dict(environment)
    return {name: value for name, value in environment.items() if name != "TMPDIR"}


def _own_folders(profile: Profile, home: Path) -> Iterator[Path]:
    for name in profile.home_folders:
        with contextlib.suppress(OSError):  # a home that cannot be written is the CLI's to complain about
            (home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        yield home / name
    yield from (home / name for name in profile.home_files)


def _our_secrets(settings: Settings, environ: Mapping[str, str]) -> Iterator[Path]:
    main = settings.main
    yield main.state.directory
    yield main.logs.directory
    yield from (path for _, path in secret_files(settings, environ))
    yield from settings.security.sandbox_hidden
    url = main.state.database_url or ""
    if url.startswith(_SQLITE):
        yield from (Path(url.removeprefix(_SQLITE) + suffix) for suffix in ("", "-wal", "-shm"))


def _git_folders(worktree: Path) -> Iterator[Path]:
    """Find the folder that a linked worktree's `.git` file points into, so that git works in the sandbox."""
    pointer = worktree / ".git"
    if not pointer.is_file():
        return
    folder = Path(worktree, pointer.read_text().strip().removeprefix("gitdir: "))
    shared = folder / "commondir"
    yield (folder / shared.read_text().strip()) if shared.is_file() else folder

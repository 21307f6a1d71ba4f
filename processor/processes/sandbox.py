"""Keep a program inside the folders it needs, by bubblewrap: what it may write, read and reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from processor.errors import ResourceError
from processor.processes.bubblewrap import mount_options, probe

SandboxMode = Literal["auto", "bubblewrap", "off"]

#: Sockets of other programs live here (docker, D-Bus, PostgreSQL, ssh-agent); a read-only mount would not stop them.
_PRIVATE_FOLDERS = (Path("/run"), Path("/tmp"), Path("/var/tmp"))  # noqa: S108  # mounted over, never written by us
_RESOLVERS = (Path("/run/systemd/resolve"), Path("/run/NetworkManager"), Path("/run/resolvconf"))


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """What a program may reach. The whole file system is readable but nothing is writable, except as said here.

    /run, /tmp and /var/tmp are private and empty. The deepest path wins, so a worktree below a hidden folder can be
    shown, and a secret below a shown folder hidden. A path that does not exist is left out.
    """

    mode: SandboxMode = "auto"
    writable: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()  #: shown although they lie in a hidden or private folder
    hidden: tuple[Path, ...] = ()  #: folders become empty, files become unreadable
    locked: tuple[Path, ...] = ()  #: read-only although they lie in a writable folder
    network: bool = False


@dataclass(frozen=True, kw_only=True)
class SandboxStatus:
    """Whether programs run in a sandbox on this host, and why."""

    mode: SandboxMode
    is_active: bool
    reason: str  #: one sentence for a person
    remedy: str = ""  #: what to do about it; empty when all is well


def detect_sandbox(mode: SandboxMode) -> SandboxStatus:
    """Tell whether programs will run in a sandbox here; tries bubblewrap once per process."""
    if mode == "off":
        return SandboxStatus(
            mode=mode,
            is_active=False,
            reason="switched off; agents and checks can read and write whatever this user can",
            remedy="set security.sandbox to auto",
        )
    found = probe()
    if found.problem:
        return SandboxStatus(mode=mode, is_active=False, reason=found.problem, remedy=found.remedy)
    return SandboxStatus(mode=mode, is_active=True, reason="bubblewrap works")


def in_sandbox(command: Sequence[str], cwd: Path, sandbox: Sandbox) -> list[str]:
    """Return the command that runs `command` in the sandbox; `command` itself when there is none.

    Raises:
        ResourceError: mode is `bubblewrap` and it does not work here; a demanded sandbox is never left out.
    """
    status = detect_sandbox(sandbox.mode)
    if status.is_active:
        network = () if sandbox.network else ("--unshare-net",)
        mounts = mount_options(
            hidden=(*_PRIVATE_FOLDERS, *sandbox.hidden),
            readable=(*_RESOLVERS, Path(command[0]).parent, cwd, *sandbox.readable),
            writable=sandbox.writable,
            locked=sandbox.locked,
        )
        return [*probe().prefix, *network, *mounts, "--chdir", str(cwd), "--", *command]
    if sandbox.mode == "bubblewrap":
        raise ResourceError(f"security.sandbox demands a sandbox and there is none: {status.reason}; {status.remedy}")
    return list(command)

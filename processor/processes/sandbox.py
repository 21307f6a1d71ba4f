"""Keep a program inside the folders it needs, by bubblewrap: what it may write, read and reach."""

import functools
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from processor.errors import ResourceError

SandboxMode = Literal["auto", "bubblewrap", "off"]

_PROBE_SECONDS = 10
_ISOLATION = ("--die-with-parent", "--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL")
#: Sockets of other programs live here (docker, D-Bus, PostgreSQL, ssh-agent); a read-only mount would not stop them.
_PRIVATE_FOLDERS = (Path("/run"), Path("/tmp"), Path("/var/tmp"))  # noqa: S108  # mounted over, never written by us
_RESOLVERS = (Path("/run/systemd/resolve"), Path("/run/NetworkManager"), Path("/run/resolvconf"))
#: Bubblewrap 0.8 leaves these writable for root although it dropped every capability.
_KERNEL_KNOBS = ("/proc/sys", "/proc/sysrq-trigger")


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
    problem, remedy = _probe()
    if problem:
        return SandboxStatus(mode=mode, is_active=False, reason=problem, remedy=remedy)
    return SandboxStatus(mode=mode, is_active=True, reason="bubblewrap works")


def in_sandbox(command: Sequence[str], cwd: Path, sandbox: Sandbox) -> list[str]:
    """Return the command that runs `command` in the sandbox; `command` itself when there is none.

    Raises:
        ResourceError: mode is `bubblewrap` and it does not work here; a demanded sandbox is never left out.
    """
    status = detect_sandbox(sandbox.mode)
    if status.is_active:
        return [_program(), *_mounts(sandbox, (Path(command[0]).parent, cwd)), "--chdir", str(cwd), "--", *command]
    if sandbox.mode == "bubblewrap":
        raise ResourceError(f"security.sandbox demands a sandbox and there is none: {status.reason}; {status.remedy}")
    return list(command)


def _program() -> str:
    return shutil.which("bwrap") or "bwrap"


@functools.cache
def _probe() -> tuple[str, str]:
    """Return what keeps bubblewrap from working here and the remedy; two empty texts when it works."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed", "install it, such as by `apt-get install bubblewrap`"
    probe = Sandbox(network=False)
    try:
        done = subprocess.run(
            [_program(), *_mounts(probe, ()), "--", "/bin/true"],
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not start: {error}", "run `bwrap --ro-bind / / true` by hand"
    if done.returncode == 0:
        return "", ""
    words = done.stderr.strip()[:300] or f"it exits {done.returncode}"
    return (
        f"bubblewrap does not work here: {words}",
        "allow unprivileged user namespaces, or give the container the right to make namespaces",
    )


def _mounts(sandbox: Sandbox, needed: tuple[Path, ...]) -> list[str]:
    arguments = [*_ISOLATION, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for knob in _KERNEL_KNOBS:
        arguments += ["--ro-bind-try", knob, knob]
    if not sandbox.network:
        arguments.append("--unshare-net")
    rules = (
        ("hide", (*_PRIVATE_FOLDERS, *sandbox.hidden)),
        ("--ro-bind", (*_RESOLVERS, *needed, *sandbox.readable)),
        ("--bind", sandbox.writable),
        ("--ro-bind", sandbox.locked),
    )
    # Resolved, because bubblewrap cannot mount on a symbolic link; sorting is stable, so equal paths keep this order.
    mounts = [(path.resolve(), rule) for rule, paths in rules for path in paths if path.exists()]
    for path, rule in sorted(mounts, key=lambda mount: len(mount[0].parts)):
        if rule != "hide":
            arguments += [rule, str(path), str(path)]
        elif path.is_dir():
            arguments += ["--tmpfs", str(path)]
        else:
            arguments += ["--ro-bind", "/dev/null", str(path)]
    return arguments

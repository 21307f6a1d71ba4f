"""Call bubblewrap: which of its options work on this host, and the mounts that make a sandbox."""

import functools
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROBE_SECONDS = 10
_ISOLATION = ("--die-with-parent", "--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL")
_SYSTEM = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
# Bubblewrap 0.8 leaves these writable for root although it dropped every capability. Nobody else could write them, and
# for others a sandbox within the sandbox, such as codex has, cannot mount its own /proc when they are covered.
_KERNEL_KNOBS = (*("--ro-bind-try", "/proc/sys", "/proc/sys"), *("--ro-bind-try", *["/proc/sysrq-trigger"] * 2))
# Root in its own name may not make a sandbox within the sandbox.
_AS_NOBODY = ("--unshare-user", "--uid", "65534", "--gid", "65534")


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What trying bubblewrap showed; it works when there is no problem."""

    prefix: tuple[str, ...] = ()  #: program and options that work here
    problem: str = ""
    remedy: str = ""


@functools.cache
def probe() -> Probe:
    """Try bubblewrap, once per process."""
    program = shutil.which("bwrap")
    if program is None:
        return Probe(
            problem="bubblewrap is not installed", remedy="install it, such as by `apt-get install bubblewrap`"
        )
    problem = ""
    for identity in _identities():
        prefix = (program, *identity)
        problem = _try([*prefix, "--unshare-net", "--", "/bin/true"])
        if not problem:
            return Probe(prefix=prefix)
    return Probe(
        problem=f"bubblewrap does not work here: {problem}",
        remedy="allow unprivileged user namespaces, or give the container the right to make namespaces",
    )


def _identities() -> Iterable[tuple[str, ...]]:
    if os.geteuid() != 0:
        return [(*_ISOLATION, *_SYSTEM)]
    return [(*_ISOLATION, *names, *_SYSTEM, *_KERNEL_KNOBS) for names in (_AS_NOBODY, ())]


def _try(argv: Sequence[str]) -> str:
    """Return what keeps a command from working; empty when nothing does."""
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, errors="replace", timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip()[:300] or f"it exits {done.returncode}"


def mount_options(
    *, hidden: Sequence[Path], readable: Sequence[Path], writable: Sequence[Path], locked: Sequence[Path]
) -> list[str]:
    """Return the options that hide and show paths; the deepest wins, of equals the last kind; absent ones drop out."""
    kinds = (("", hidden), ("--ro-bind", readable), ("--bind", writable), ("--ro-bind", locked))
    # Resolved, because bubblewrap cannot mount on a symbolic link; sorting is stable, so equal paths keep this order.
    mounts = [(path.resolve(), option) for option, paths in kinds for path in paths if _exists(path)]
    options: list[str] = []
    for path, option in sorted(mounts, key=lambda mount: len(mount[0].parts)):
        if option:
            options += [option, str(path), str(path)]
        elif path.is_dir():
            options += ["--tmpfs", str(path)]
        else:
            options += ["--ro-bind", "/dev/null", str(path)]
    return options


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # what we cannot see, a program of ours cannot see either
        return False

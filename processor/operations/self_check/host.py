"""Look at this machine: git, sandbox, folders, disk space, port."""

import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from processor.operations.self_check.item import Item, failed, ok, warning
from processor.processes import detect_sandbox
from processor.settings.sections import Api, Settings

#: Since this one git reads GIT_CONFIG_COUNT, by which it gets our credentials and agents' git loses them.
OLDEST_GIT = (2, 31)
_GIT_SECONDS = 10
_GB = 1000**3
_LEAST_GB, _GOOD_GB = 1, 5


def check_git(environ: Mapping[str, str]) -> Item:
    """Find git and compare its version."""
    program = shutil.which("git", path=environ.get("PATH"))
    if program is None:
        return failed("git", "there is no git on the PATH", "install it, such as by `apt-get install git`")
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_GIT_SECONDS, check=False, env=dict(environ)
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        return failed("git", f"{program} does not say its version ({exc})", "mend or reinstall git")
    return judge_git(done.stdout.strip(), program)


def judge_git(said: str, program: str) -> Item:
    """Judge what `git --version` said."""
    found = re.search(r"(\d+)\.(\d+)(?:\.\d+)?", said)
    if found is None:
        return failed("git", f"{program} says {said!r} instead of its version", "mend or reinstall git")
    if (int(found[1]), int(found[2])) < OLDEST_GIT:
        oldest = ".".join(str(part) for part in OLDEST_GIT)
        return failed("git", f"{found[0]} is too old", f"install git {oldest} or newer")
    return ok("git", f"{found[0]} ({program})")


def check_sandbox(settings: Settings) -> Item:
    """Tell whether agents and checks are kept inside their worktree."""
    status = detect_sandbox(settings.security.sandbox)
    if status.is_active:
        return ok("sandbox", status.reason)
    if status.mode == "bubblewrap":
        return failed("sandbox", status.reason, status.remedy)
    return warning("sandbox", f"agents and checks run without one: {status.reason}", status.remedy)


def check_folders(settings: Settings) -> tuple[Item, ...]:
    """Look whether our folders can be written and have room."""
    places = {"state folder": settings.main.state.directory, "log folder": settings.main.logs.directory}
    return tuple(_folder(name, path) for name, path in places.items())


def _folder(name: str, path: Path) -> Item:
    standing = next(parent for parent in (path.absolute(), *path.absolute().parents) if parent.exists())
    key = "state.directory" if name.startswith("state") else "logs.directory"
    try:
        with tempfile.TemporaryFile(dir=standing):
            pass
    except OSError as exc:
        remedy = f"let this user write there, or set {key}"
        return failed(name, f"{standing} cannot be written ({exc.strerror})", remedy)
    return judge_space(name, path.absolute(), shutil.disk_usage(standing).free)


def judge_space(name: str, path: Path, free_bytes: int) -> Item:
    """Judge the room that is left."""
    detail = f"{path}, {free_bytes / _GB:.1f} GB free"
    holds = "mirrors and worktrees of every repository" if name.startswith("state") else "the logs and agents' output"
    remedy = f"make room: it holds {holds}"
    if free_bytes < _LEAST_GB * _GB:
        return failed(name, detail, remedy)
    return warning(name, detail, remedy) if free_bytes < _GOOD_GB * _GB else ok(name, detail)


def check_port(api: Api, own_urls: frozenset[str]) -> Item:
    """Look whether the port is free, or held by a service of ours.

    Args:
        own_urls: addresses of the services that live on this ledger.
    """
    where = f"{api.host}:{api.port}"
    if f"http://{where}" in own_urls:
        return ok("port", f"{where}, our service listens there")
    try:
        socket.create_server((api.host, api.port)).close()
    except OSError as exc:
        remedy = "stop what uses it, or set api.host and api.port (0 takes any free port)"
        reason = (exc.strerror or str(exc)).partition(" (while ")[0]  # create_server tells the address once more
        return failed("port", f"cannot listen on {where} ({reason})", remedy)
    return ok("port", f"{where} is free")

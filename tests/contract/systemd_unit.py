"""A systemd unit, as far as it says what is started, as whom and where; and its command in a scratch prefix."""

import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
#: What a program needs of /etc, where our settings are mounted.
_OF_ETC = ("hosts", "nsswitch.conf", "resolv.conf", "ssl", "localtime", "ld.so.cache", "alternatives")
#: The unit's user; the number is of no account.
_USER = ("--unshare-user", "--uid", "990", "--gid", "990")


@dataclass(frozen=True)
class Unit:
    """The lines of `[Service]` by their key, in their order."""

    lines: dict[str, list[str]]

    @classmethod
    def read(cls, path: Path) -> "Unit":
        """Read a unit file."""
        found: dict[str, list[str]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            key, equals, value = line.partition("=")
            if equals and not line.startswith(("#", "[")):
                found[key].append(value)
        return cls(dict(found))

    def one(self, key: str) -> str:
        """Give the value of a key that stands there once."""
        [value] = self.lines[key]
        return value

    def command(self, prefix: Path, virtual_environment: Path) -> list[str]:
        """Give ExecStart in a file system like the unit's: all read-only but its own folders.

        The virtual environment stands at /opt/aip, the folders of `prefix` at their places; %d is /etc/aip/secrets.
        """
        program = shutil.which("bwrap")
        assert program is not None
        state = f"/var/lib/{self.one('StateDirectory')}"
        logs = f"/var/log/{self.one('LogsDirectory')}"
        mounts = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/opt", "--tmpfs", "/etc"]
        for name in _OF_ETC:
            mounts += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        for folder in ("/var/lib", "/var/log"):
            mounts += ["--tmpfs", folder]
        for needed in (sys.base_prefix, sys.prefix, str(_ROOT)):  # which may lie in /opt
            mounts += ["--ro-bind", needed, needed]
        mounts += ["--ro-bind", str(virtual_environment), "/opt/aip", "--ro-bind", str(prefix / "etc"), "/etc/aip"]
        mounts += ["--bind", str(prefix / "state"), state, "--bind", str(prefix / "logs"), logs]
        environment = [part for line in self._environment() for part in ("--setenv", *line.split("=", 1))]
        started = [program, "--die-with-parent", *_USER, "--cap-drop", "ALL", *mounts, "--clearenv", *environment]
        return [*started, "--chdir", self.one("WorkingDirectory"), "--", *self.one("ExecStart").split()]

    def _environment(self) -> Sequence[str]:
        own = [line.replace("%d", "/etc/aip/secrets") for line in self.lines["Environment"]]
        return ["PATH=/usr/local/bin:/usr/bin:/bin", *own]


def sandbox_works() -> bool:
    """Tell whether bubblewrap can give the scratch prefix here."""
    program = shutil.which("bwrap")
    argv = [program or "bwrap", *_USER, "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    return program is not None and subprocess.run(argv, capture_output=True, check=False).returncode == 0

"""Ask pip's own index which packages of this installation have a newer version; never on the way of an import."""

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn

from processor.errors import NetworkError, ResourceError

_OURSELVES: Final = "auto-issue-processor-a2a"
_LIMIT_SECONDS: Final = 180
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PIP: Final = (
    sys.executable,
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--no-input",
    "--retries",
    "1",
    "--timeout",
    "10",
)


@dataclass(frozen=True)
class Outdated:
    """How many packages make up this installation, and those with a newer version: name, ours, the newest."""

    installed: int
    outdated: tuple[tuple[str, str, str], ...]


def outdated_packages() -> Outdated:
    """Ask for the packages that we need, and that those need.

    Raises:
        NetworkError: the index did not answer.
        ResourceError: there is no pip here, or it does not work.
    """
    ours = needed_by(_OURSELVES)
    # `pip list` takes an index that is out of reach for one without news, so it is asked for something first.
    if _pip("index", "versions", "pip").returncode != 0:
        raise NetworkError(
            "pip could not ask its package index; `python -m pip index versions pip` where aip is installed says why"
        )
    done = _pip("list", "--outdated", "--format", "json")
    return Outdated(len(ours), parse_outdated(done.stdout, ours)) if done.returncode == 0 else _refuse()


def needed_by(distribution: str) -> frozenset[str]:
    """Name what is installed of a distribution's requirements, those of its extras and of theirs included."""
    found: set[str] = set()
    waiting = [normal(distribution)]
    while waiting:
        name = waiting.pop()
        try:
            requirements = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # a requirement of another platform, or of an extra that is not installed
        if name not in found:
            found.add(name)
            waiting += [normal(match[0]) for one in requirements if (match := _NAME.match(one))]
    return frozenset(found)


def normal(name: str) -> str:
    """Spell a distribution's name as the index does.

    Source: https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def parse_outdated(said: str, ours: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Read what `pip list --outdated --format json` said, of our packages alone."""
    known = frozenset(ours)
    try:
        rows = [(str(row["name"]), str(row["version"]), str(row["latest_version"])) for row in json.loads(said)]
    except (ValueError, KeyError, TypeError):
        return _refuse()
    return tuple(row for row in rows if normal(row[0]) in known)


def _refuse() -> NoReturn:
    raise ResourceError("pip does not list what is outdated; run `python -m pip list --outdated` to see why")


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run([*_PIP, *arguments], capture_output=True, text=True, timeout=_LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired as exc:
        raise NetworkError(f"pip was not done within {_LIMIT_SECONDS} s; its package index is slow or away") from exc

"""Ask pip's own index which packages of this installation have a newer version; never on the way of an import."""

import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from processor.errors import NetworkError, ResourceError

_OURSELVES: Final = "auto-issue-processor-a2a"
_LIMIT_SECONDS: Final = 180
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
class Newer:
    """A package that has a newer version; `held_by` names ours that do not allow it yet."""

    name: str
    ours: str
    newest: str
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outdated:
    """How many packages make up this installation, and those with a newer version."""

    installed: int
    newer: tuple[Newer, ...]


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


def needed_by(distribution: str) -> Mapping[str, tuple[Requirement, ...]]:
    """Give what is installed of a distribution's requirements and of theirs, extras included, each with its own."""
    found: dict[str, tuple[Requirement, ...]] = {}
    waiting = [canonicalize_name(distribution)]
    while waiting:
        name = waiting.pop()
        try:
            requirements = tuple(map(Requirement, importlib.metadata.requires(name) or []))
        except importlib.metadata.PackageNotFoundError:
            continue  # a requirement of another platform, or of an extra that is not installed
        if name not in found:
            found[name] = requirements
            waiting += [canonicalize_name(one.name) for one in requirements]
    return found


def parse_outdated(said: str, ours: Mapping[str, tuple[Requirement, ...]]) -> tuple[Newer, ...]:
    """Read what `pip list --outdated --format json` said, of our packages alone."""
    try:
        rows = [(str(row["name"]), str(row["version"]), str(row["latest_version"])) for row in json.loads(said)]
        return tuple(
            Newer(name, version, newest, _held_by(ours, canonicalize_name(name), newest))
            for name, version, newest in rows
            if canonicalize_name(name) in ours
        )
    except (ValueError, KeyError, TypeError):
        return _refuse()


def _held_by(ours: Mapping[str, tuple[Requirement, ...]], name: str, newest: str) -> tuple[str, ...]:
    """Name our packages that do not allow a version."""
    return tuple(
        sorted(
            user
            for user, requirements in ours.items()
            if any(
                canonicalize_name(one.name) == name and not one.specifier.contains(newest, prereleases=True)
                for one in requirements
            )
        )
    )


def _refuse() -> NoReturn:
    raise ResourceError("pip does not list what is outdated; run `python -m pip list --outdated` to see why")


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run([*_PIP, *arguments], capture_output=True, text=True, timeout=_LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired as exc:
        raise NetworkError(f"pip was not done within {_LIMIT_SECONDS} s; its package index is slow or away") from exc

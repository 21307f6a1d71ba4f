"""constraints.txt pins whatever an installation brings, to one version each, and names no address."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[0-9][A-Za-z0-9.]*)")


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin["name"]): pin["version"] for pin in found if pin is not None}


def brought_along(texts: list[str], seen: set[str]) -> Iterator[Requirement]:
    """Follow requirements to the end, through the metadata of what is installed."""
    for text in texts:
        wanted = Requirement(text)
        name = canonicalize_name(wanted.name)
        extras = [{"extra": extra} for extra in wanted.extras] or [{"extra": ""}]
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        yield wanted
        if name not in seen:
            seen.add(name)
            further = [Requirement(line) for line in requires(name) or []]
            chosen = [one for one in further if one.marker is None or any(one.marker.evaluate(e) for e in extras)]
            yield from brought_along([_without_marker(one) for one in chosen], seen)


def _without_marker(wanted: Requirement) -> str:
    wanted.marker = None
    return str(wanted)


def test_every_line_is_a_pin() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and PIN.fullmatch(line) is None] == []
    assert len(pins()) > 50


def test_everything_that_an_installation_brings_is_pinned() -> None:
    declared = [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    ]
    pinned = pins()
    wrong = {
        wanted.name: pinned.get(canonicalize_name(wanted.name))
        for wanted in brought_along(declared, set())
        if not wanted.specifier.contains(pinned.get(canonicalize_name(wanted.name), ""), prereleases=True)
    }
    assert wrong == {}

"""Read the text sources of an installed distribution or package, as a repository would hold them."""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import cast

from processor.errors import UsageError

_TEXT_SUFFIXES = frozenset(
    {".py", ".pyi", ".pyx", ".pxd", ".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".json", ".yaml", ".yml", ".typed"}
)
_TEXT_NAMES = frozenset({"LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CHANGES", "README"})
_PYTHON_SUFFIXES = frozenset({".py", ".pyi"})
_LARGEST_FILE_BYTES = 1_000_000
_OLDEST_PYTHON = re.compile(r">=\s*3\.(?P<minor>[0-9]+)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, kw_only=True)
class CodeBase:
    """A code base ready to be published: path → text, and what it says of itself.

    `version` is "" when unknown; `oldest_python` is the minor number of the oldest Python 3 that it promises to run on,
    None when it promises nothing.
    """

    name: str
    version: str
    oldest_python: int | None
    files: dict[str, str]

    @property
    def python_files(self) -> tuple[str, ...]:
        """The paths of its Python sources, sorted."""
        return tuple(path for path in sorted(self.files) if PurePosixPath(path).suffix in _PYTHON_SUFFIXES)


def read_code_base(name: str) -> CodeBase:
    """Read what `name` installed here: a distribution (`PyYAML`), else an importable package (`yaml`, `json`).

    Raises:
        UsageError: nothing of this name is installed, or it has no Python sources.
    """
    distribution = _find_distribution(name)
    if distribution is None:
        files = dict(_read(_importable_files(name)))
        code_base = CodeBase(name=name, version="", oldest_python=None, files=files)
    else:
        code_base = CodeBase(
            name=distribution.name,
            version=distribution.version,
            oldest_python=_oldest_python(distribution),
            files=dict(_read(_distributed_files(distribution))),
        )
    if not code_base.python_files:
        raise UsageError(f"{name} is installed without Python sources; choose another package, such as PyYAML")
    return code_base


def _find_distribution(name: str) -> metadata.Distribution | None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a package; write it as `pip list` shows it, such as PyYAML")
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        owners = metadata.packages_distributions().get(name, [])
        return metadata.distribution(owners[0]) if owners else None


def _oldest_python(distribution: metadata.Distribution) -> int | None:
    promise = _OLDEST_PYTHON.search(_metadata(distribution).get("Requires-Python", ""))
    return int(promise["minor"]) if promise else None


def _distributed_files(distribution: metadata.Distribution) -> Iterator[tuple[str, Path | str]]:
    """Name the files of a distribution; of an editable one, those of the packages that it makes importable."""
    recorded = [(file, Path(str(file.locate()))) for file in distribution.files or ()]
    sources = [(file, place) for file, place in recorded if _is_source(file)]
    if any(file.suffix in _PYTHON_SUFFIXES for file, _ in sources):
        yield from ((file.as_posix(), place) for file, place in sources)
    else:
        for package in (distribution.read_text("top_level.txt") or "").split():
            yield from _importable_files(package)
    yield from _about(distribution, recorded)


def _is_source(file: PurePosixPath) -> bool:
    folder = file.parts[0]
    return ".." not in file.parts and not folder.endswith(".dist-info") and not folder.startswith("__editable__")


def _about(
    distribution: metadata.Distribution, recorded: list[tuple[metadata.PackagePath, Path]]
) -> Iterator[tuple[str, Path | str]]:
    """Name what stands at the top of the project's own repository: its README and its licences."""
    for file, place in recorded:
        if file.parts[0].endswith(".dist-info") and PurePosixPath(file).stem.upper() in _TEXT_NAMES:
            yield file.name, place
    about = _metadata(distribution)
    text = about.get_payload() or about.get("Description", "")
    if isinstance(text, str) and text.strip() and text.strip() != "UNKNOWN":
        is_markdown = "markdown" in about.get("Description-Content-Type", "")
        yield "README.md" if is_markdown else "README.rst", text


def _metadata(distribution: metadata.Distribution) -> Message:
    return cast(Message, distribution.metadata)  # it is one; the type checker is told only a protocol without get


def _importable_files(package: str) -> Iterator[tuple[str, Path | str]]:
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None:
        raise UsageError(f"{package} is not installed here; install it with pip, or choose one that `pip list` shows")
    for folder in spec.submodule_search_locations or ():
        for place in sorted(Path(folder).rglob("*")):
            yield f"{package}/{place.relative_to(folder).as_posix()}", place
    if not spec.submodule_search_locations and spec.has_location and spec.origin:
        yield Path(spec.origin).name, Path(spec.origin)


def _read(found: Iterator[tuple[str, Path | str]]) -> Iterator[tuple[str, str]]:
    for path, content in found:
        text = content if isinstance(content, str) else _read_text(path, content)
        if text is not None:
            yield path, text


def _read_text(path: str, place: Path) -> str | None:
    """Read a text file; None for another kind, one too large to be a source, or one that is not UTF-8."""
    pure = PurePosixPath(path)
    is_text = pure.suffix in _TEXT_SUFFIXES or pure.stem.upper() in _TEXT_NAMES
    if not is_text or "__pycache__" in pure.parts:
        return None
    try:
        if not place.is_file() or place.stat().st_size > _LARGEST_FILE_BYTES:
            return None
        # newline="" keeps line ends as they are: a change must not touch lines that it does not mean.
        with place.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None

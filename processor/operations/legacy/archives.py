"""Unpack a backup of the original system, whole or damaged, and nothing beside the folder that is meant for it."""

import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

_LARGEST_MEMBER: Final = 1 << 30
_BLOCK: Final = 1 << 20


def unpack(path: Path, folder: Path) -> Iterator[str]:
    """Write the files of an archive into a folder, and say of what is left out why; links and devices are nothing.

    Raises:
        OSError: the archive cannot be read, or the folder not be written.
    """
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                fault = _fault_of(member)
                if fault:
                    yield fault
                elif member.isreg():
                    _write(archive, member, folder)
    except (tarfile.TarError, EOFError, zlib.error) as exc:
        yield f"the archive is damaged ({exc}); what came before is read"


def _fault_of(member: tarfile.TarInfo) -> str:
    inside = PurePosixPath(member.name)
    if inside.is_absolute() or ".." in inside.parts:
        return f"{member.name} would lie outside of the archive"
    if member.size > _LARGEST_MEMBER:
        return f"{member.name} has {member.size} bytes, more than {_LARGEST_MEMBER}"
    return ""


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(member)
    if content is None:
        return
    target = folder / PurePosixPath(member.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while block := content.read(_BLOCK):
            file.write(block)

"""Read from a git patch which files it touches: names, modes and the blobs on the base commit."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from processor.errors import GateToolError

_START = b"diff --git "
_BODY = (b"@@ ", b"--- ", b"GIT binary patch", b"Binary files ")
_ESCAPE = re.compile(rb"\\([abtnvfr\"\\]|[0-7]{3})")
_ESCAPED = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}
_INDEX = re.compile(rb"^index ([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d{6}))?$")


@dataclass(frozen=True, kw_only=True)
class PatchEntry:
    """One file of a patch. Modes are git's (100644, 100755, 120000 link, 160000 submodule), "" when it gives none."""

    old_path: str | None  #: None for a file that the patch adds
    new_path: str | None  #: None for a file that the patch deletes
    old_mode: str = ""
    new_mode: str = ""
    old_blob: str | None = None  #: None when the content did not change


def parse_patch(patch: bytes) -> tuple[PatchEntry, ...]:
    """Read what `git diff --binary --full-index` printed.

    Raises:
        GateToolError: the patch touches no file, or a header cannot be read.
    """
    entries = tuple(_entry(header) for header in _headers(patch))
    if not entries:
        raise GateToolError("the change touches no file; there is nothing to judge")
    return entries


def _headers(patch: bytes) -> Iterator[list[bytes]]:
    header: list[bytes] = []
    is_open = False
    # Lines of a hunk start with a sign and those of a binary patch hold no space, so no content can look like a start.
    for line in patch.split(b"\n"):
        if line.startswith(_START):
            if header:
                yield header
            header, is_open = [line], True
        elif is_open and line.startswith(_BODY):
            is_open = False
        elif is_open:
            header.append(line)
    if header:
        yield header


def _entry(header: list[bytes]) -> PatchEntry:
    old_path, new_path = _paths(header)
    entry = PatchEntry(old_path=old_path, new_path=new_path)
    for line in header[1:]:
        entry = _apply(entry, line)
    return entry


def _apply(entry: PatchEntry, line: bytes) -> PatchEntry:
    words = line.decode("ascii", "replace")
    index = _INDEX.match(line)
    if index is not None:
        blob = index[1].decode()
        mode = (index[3] or b"").decode()
        entry = replace(entry, old_blob=blob if blob.strip("0") else None)
        return replace(entry, old_mode=mode, new_mode=mode) if mode else entry
    if words.startswith("new file mode "):
        return replace(entry, old_path=None, new_mode=words[-6:])
    if words.startswith("deleted file mode "):
        return replace(entry, new_path=None, old_mode=words[-6:])
    if words.startswith("old mode "):
        return replace(entry, old_mode=words[-6:])
    if words.startswith("new mode "):
        return replace(entry, new_mode=words[-6:])
    return entry


def _paths(header: list[bytes]) -> tuple[str | None, str | None]:
    moved = {line.split(b" ", 2)[1]: line.split(b" ", 2)[2] for line in header[1:] if _is_move(line)}
    if {b"from", b"to"} <= moved.keys():
        is_copy = any(line.startswith(b"copy ") for line in header)
        return (None if is_copy else _unquoted(moved[b"from"])), _unquoted(moved[b"to"])
    path = _same_path(header[0].removeprefix(_START))
    return path, path


def _is_move(line: bytes) -> bool:
    return line.startswith((b"rename from ", b"rename to ", b"copy from ", b"copy to "))


def _same_path(names: bytes) -> str:
    """Read `a/NAME b/NAME`; both names are the same, so each is half of the text even when it holds spaces."""
    middle = len(names) // 2
    left, right = _unquoted(names[:middle]), _unquoted(names[middle + 1 :])
    if len(names) % 2 == 0 or left[:2] != "a/" or right[:2] != "b/" or left[2:] != right[2:]:
        raise GateToolError(
            "a header of the patch cannot be read; make the patch with `git diff --binary --full-index`"
        )
    return left[2:]


def _unquoted(name: bytes) -> str:
    if name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(lambda match: bytes([_ESCAPED.get(match[1]) or int(match[1], 8)]), name[1:-1])
    return os.fsdecode(name)

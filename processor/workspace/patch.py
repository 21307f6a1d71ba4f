"""Read git's combined output of counts and patch."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CountedPatch:
    """A patch, every path it touches (old and new names, sorted) and its lines. A binary file counts no lines."""

    patch: bytes
    files: tuple[bytes, ...]
    added_lines: int
    removed_lines: int


def read_counted_patch(output: bytes) -> CountedPatch:
    r"""Parse what `git diff-index -z --numstat -p` prints.

    Records are `ADDED\tREMOVED\tPATH\0`, for a rename `ADDED\tREMOVED\t\0OLD\0NEW\0`; a lone `\0` ends them and the
    patch follows. Nothing at all means no change.
    """
    files: set[bytes] = set()
    added = removed = position = 0
    while position < len(output) and output[position] != 0:
        end = output.index(b"\0", position)
        plus, minus, path = output[position:end].split(b"\t", 2)
        position = end + 1
        paths = [path]
        if not path:
            old, new = output[position:].split(b"\0", 2)[:2]
            position += len(old) + len(new) + 2
            paths = [old, new]
        files.update(paths)
        added += int(plus) if plus != b"-" else 0
        removed += int(minus) if minus != b"-" else 0
    return CountedPatch(
        patch=output[position + 1 :], files=tuple(sorted(files)), added_lines=added, removed_lines=removed
    )

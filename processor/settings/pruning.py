"""Take out of the data what is at fault, so that the rest can be looked at, and remember where the rest stood."""

import copy
from collections.abc import Iterable
from typing import Any

from processor.settings.places import KeyPath

Data = dict[str, Any]


class Pruned:
    """A copy of the data that shrinks; a path into it is led back to where the same thing stands in the file."""

    def __init__(self, data: Data) -> None:
        self.data = copy.deepcopy(data)
        self._kept: dict[KeyPath, list[int]] = {}  # by a list's path in the file: where its items stood there

    def prune(self, paths: Iterable[KeyPath]) -> None:
        """Take these out: a key, or an item of a list of mappings; of any other list, the whole list."""
        gone: set[KeyPath] = set()
        # From the end, so that taking an item out moves nothing that is still to come.
        for path in sorted(paths, key=_in_order, reverse=True):
            if not any(path[:length] in gone for length in range(len(path) + 1)):
                gone.add(self._take_out(path))

    def original(self, path: KeyPath) -> KeyPath:
        """Translate a path into what is left to one into the file."""
        found: KeyPath = ()
        for part in path:
            kept = self._kept.get(found)
            is_moved = isinstance(part, int) and kept is not None and part < len(kept)
            found = (*found, kept[part] if kept and is_moved else part)  # type: ignore[index]
        return found

    def _take_out(self, path: KeyPath) -> KeyPath:
        """Take out what stands at the path, or the nearest thing above it that can be; return what was taken."""
        holder = self._at(path[:-1])
        if isinstance(holder, dict) and path[-1] in holder:
            del holder[path[-1]]
            return path
        if isinstance(holder, list) and any(isinstance(item, dict) for item in holder):
            at = self.original(path[:-1])
            del self._kept.setdefault(at, list(range(len(holder))))[int(path[-1])], holder[int(path[-1])]
            return path
        return self._take_out(path[:-1]) if path else path

    def _at(self, path: KeyPath) -> Any:
        here: Any = self.data
        for part in path:
            here = here[part] if has(here, part) else None
        return here


def has(holder: object, part: str | int) -> bool:
    """Tell whether a mapping has the key, or a list the index."""
    if isinstance(holder, dict):
        return part in holder
    return isinstance(holder, list) and isinstance(part, int) and part < len(holder)


def _in_order(path: KeyPath) -> tuple[tuple[bool, str | int], ...]:
    return tuple((isinstance(part, str), part) for part in path)

"""Lay the layers of the settings on each other, later ones on top, and remember which layer gave each key."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from processor.settings.places import KeyPath, Locate, Place, dotted


class Layer(StrEnum):
    """Where a value comes from; the order of the members is the order of the layers, later wins."""

    DEFAULT = "default"
    ENVIRONMENT_PROFILE = "environments.yaml"
    FILE = "file"
    VARIABLE = "variable"
    OVERRIDE = "override"


@dataclass(frozen=True)
class Origin:
    """Which layer gave a setting, and where; file and line are empty for a default."""

    layer: Layer
    file: str = ""
    line: int | None = None


@dataclass
class Stack:
    """The layers laid on the built-in defaults so far. Mappings are merged key by key; a list replaces the one below.

    A key with nothing behind it (`intake:`) says nothing, so the layer below shows through.
    """

    data: dict[str, Any]
    _givers: dict[KeyPath, list[tuple[Layer, Locate]]] = field(default_factory=lambda: defaultdict(list))
    _holders: dict[KeyPath, list[tuple[Layer, Locate]]] = field(default_factory=lambda: defaultdict(list))

    def lay(self, layer: Layer, data: Mapping[str, Any], locate: Locate, under: KeyPath = ()) -> None:
        """Put a layer on top. `under` is where its data belongs, such as `("main",)` for a file."""
        for part in reversed(under):
            data = {str(part): data}
        self._merge(self.data, data, (), (layer, _below(locate, len(under))))

    def is_given(self, path: KeyPath) -> bool:
        """Tell whether some layer gave the setting, or the list that it is in."""
        return any(path[:length] in self._givers for length in range(1, len(path) + 1))

    def locate(self, path: KeyPath) -> Place:
        """Find where a setting was given, or what holds it, for a fault."""
        for known in (self._givers, self._holders):
            for length in range(len(path), 0, -1):
                if path[:length] in known:
                    _, locate = known[path[:length]][-1]
                    return locate(path)
        return Place("built-in default", None, dotted(path[1:]))

    def origins(self) -> dict[str, tuple[Origin, ...]]:
        """Tell for every key that some layer gave, such as `main.max_parallel`, which ones did; the last one won."""
        return {
            dotted(path): tuple(_origin(layer, locate(path)) for layer, locate in givers)
            for path, givers in self._givers.items()
        }

    def _merge(self, below: dict[str, Any], above: Mapping[str, Any], at: KeyPath, giver: tuple[Layer, Locate]) -> None:
        for key, value in above.items():
            path = (*at, key)
            if value is None:
                below.setdefault(key, None)
            elif isinstance(value, Mapping):
                if not isinstance(below.get(key), dict):
                    below[key] = {}
                self._holders[path].append(giver)
                self._merge(below[key], value, path, giver)
            else:
                below[key] = value
                self._givers[path].append(giver)


def _origin(layer: Layer, place: Place) -> Origin:
    return Origin(layer, place.file, place.line)


def _below(locate: Locate, depth: int) -> Locate:
    return lambda path: locate(path[depth:])

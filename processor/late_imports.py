"""Load what a library imports for uses that we may never have at the first of these uses.

PyGithub brings cryptography along, though only a GitHub App signs with it, and DBOS the driver of PostgreSQL, though
all may be in SQLite: 20 MB of the memory of a service.
"""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType


class _Late(ModuleType):
    """Stands in for a module where a library imported it, and loads that one when something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # the import statement asks for these
            raise AttributeError(name, name=name, obj=self)
        return getattr(importlib.import_module(self.__name__), name)


@contextlib.contextmanager
def put_off(*names: str) -> Iterator[None]:
    """Put these modules off for the libraries that the block imports; one that is loaded already stays as it is.

    It suits modules that a library uses within functions only. A module of a package needs the package named before it.
    """
    late = {name: _Late(name) for name in names if name not in sys.modules}
    for name, module in late.items():
        package, _, own_name = name.rpartition(".")
        if package in late:
            setattr(late[package], own_name, module)
    sys.modules.update(late)
    try:
        yield
    finally:
        for name in late:
            del sys.modules[name]
